"""`python -m benchmarks`: measures, says what it found, and writes every figure to benchmarks/out/."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from benchmarks import (
    curve,
    drift,
    lane,
    lint,
    machine,
    names,
    neon,
    reconciling,
    replay,
    row_security,
    smoke,
    start,
    telling,
    tenants,
    timing,
    tracing,
    workbench,
)
from benchmarks.part import Part
from benchmarks.voyage import ROOT, VoyageFailed
from fixtures import Unobservable

OUT = Path(__file__).with_name("out")
FOREIGN = ("PYTHONDONTWRITEBYTECODE", "PYTEST_ADDOPTS", "OCEAN_SANDBOX", "GITHUB_STEP_SUMMARY")
"""Variables of whoever calls us that would change what is measured; so would those that begin with SEATRIAL_."""
FILES = {"smoke": "prod-smoke"}
FEW = 3
"""Rounds that the slow measurements are given at the most."""
Measure = Callable[[int, Callable[[str], None]], smoke.Smoke | Part]
PARTS: dict[str, Measure] = {
    "smoke": smoke.measure,
    "start": lambda rounds, tell: start.measure(min(rounds, FEW), tell),
    "lane": lane.measure,
    "workbench": workbench.measure,
    "names": names.measure,
    "lint": lint.measure,
    "replay": replay.measure,
    "tracing": tracing.measure,
    "timing": timing.measure,
    "drift": drift.measure,
    "subscriptions": lambda rounds, tell: reconciling.measure(min(rounds, FEW), tell),
    "neon": lambda rounds, tell: neon.measure(min(rounds, FEW), tell),
    "tenants": lambda rounds, tell: tenants.measure(min(rounds, FEW), tell),
    "rows": lambda rounds, tell: row_security.measure(min(rounds, FEW), tell),
}
ASKED: dict[str, Measure] = {
    "curve": lambda rounds, tell: curve.measure(min(rounds, FEW), tell),
    "fleet": lambda rounds, tell: tenants.measure(min(rounds, FEW), tell, tenants.MANY),
}
"""They take minutes, and are measured only when they are asked for."""


def main() -> int:
    """Exit code 0: measured, whether or not the aims were kept. 1: a run failed, and there is nothing to say."""
    chosen = _arguments()
    _forget_surroundings()
    os.chdir(ROOT)
    try:
        _measure(chosen.rounds, chosen.only)
    except (VoyageFailed, Unobservable, RuntimeError, subprocess.TimeoutExpired) as problem:
        print(f"benchmarks: {problem}", file=sys.stderr)
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, allow_abbrev=False)
    parser.add_argument("--rounds", type=_count, default=5, metavar="N", help="runs of each kind (5)")
    parser.add_argument("--only", choices=(*PARTS, *ASKED), help="measure one part (all but curve and fleet)")
    return parser.parse_args()


def _count(text: str) -> int:
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


def _forget_surroundings() -> None:
    for name in [*os.environ]:
        if name in FOREIGN or name.startswith("SEATRIAL_"):
            del os.environ[name]


def _measure(rounds: int, only: str | None) -> None:
    here, load = machine.describe(), machine.load()
    _print(telling.of_machine(here, load))
    for name in [only] if only else PARTS:
        before = machine.load()
        measured = (PARTS | ASKED)[name](rounds, _progress)
        _print(telling.of_measured(measured))
        about = {"machine": here, "load_before": before, "load_after": machine.load()}
        _write(FILES.get(name, name), {**about, **measured.plain()})


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\033[2K{text}", end="\r", file=sys.stderr, flush=True)


def _write(name: str, content: Mapping[str, object]) -> None:
    OUT.mkdir(exist_ok=True)
    (OUT / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
