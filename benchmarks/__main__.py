"""`python -m benchmarks`: measures, says what it found beside its peers, and writes it to benchmarks/out/.

Exit code 0: every part was measured, whether or not its aims were kept and its peers were here; 1: a part failed.
"""

import argparse
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks import chromium, machine, results, sentences, telling
from benchmarks.catalogue import PARTS, Entry
from benchmarks.part import Part
from benchmarks.voyage import ROOT, VoyageFailed
from fixtures import Unobservable

FOREIGN = ("PYTHONDONTWRITEBYTECODE", "PYTEST_ADDOPTS", "OCEAN_SANDBOX", "GITHUB_STEP_SUMMARY")
"""Variables of whoever calls us that would change what is measured; so would those that begin with SEATRIAL_."""
FORESEEN = (VoyageFailed, Unobservable, RuntimeError, OSError, subprocess.SubprocessError)
"""What says all by its text. Anything else is a fault of ours, and told with where it happened."""
MEASURED, FAILED, INTERRUPTED = 0, 1, 130


def main(argv: Sequence[str], parts: Mapping[str, Entry] = PARTS, out: Path = results.OUT) -> int:
    """See the module. Files go to `out`; with ``--keep`` also to the committed ones."""
    chosen = _arguments(argv, parts)
    if chosen.list:
        _print(_listed(parts))
        return MEASURED
    _forget_surroundings()
    os.chdir(ROOT)
    names = chosen.only or [name for name, entry in parts.items() if not entry.asked]
    try:
        failed = _measure(names, parts, chosen, out)
    except KeyboardInterrupt:
        print(f"\nbenchmarks: interrupted; what was measured before is in {out}", file=sys.stderr)
        return INTERRUPTED
    finally:
        results.write_tables(out)
    if chosen.keep and not _kept(out, [name for name in names if name not in failed]):
        return FAILED
    _print(_closing(names, failed, out))
    return FAILED if failed else MEASURED


def _arguments(argv: Sequence[str], parts: Mapping[str, Entry]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, allow_abbrev=False)
    parser.add_argument("--rounds", type=_count, default=5, metavar="N", help="runs of each kind (5)")
    parser.add_argument("--only", choices=parts, action="append", metavar="NAME", help="one part; may be said again")
    parser.add_argument("--list", action="store_true", help="the parts, and beside whom each is measured")
    parser.add_argument("--quick", action="store_true", help="one round of something small: to see that all works")
    parser.add_argument("--keep", action="store_true", help="write what came out into RESULTS.md and README.md too")
    chosen = parser.parse_args(argv)
    if chosen.quick and chosen.keep:
        parser.error("--quick measures too little to be kept: leave out one of the two")
    return chosen


def _count(text: str) -> int:
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


def _listed(parts: Mapping[str, Entry]) -> Iterable[str]:
    for name, entry in parts.items():
        asked = " (only when asked for)" if entry.asked else ""
        yield f"{name:<14} {entry.what}; beside: {entry.peers}{asked}"


def _forget_surroundings() -> None:
    for name in [*os.environ]:
        if name in FOREIGN or (name.startswith("SEATRIAL_") and name != chromium.NAMED):
            del os.environ[name]


def _measure(names: Sequence[str], parts: Mapping[str, Entry], chosen: argparse.Namespace, out: Path) -> list[str]:
    """The names of those that failed; the others were written and told."""
    here = {**machine.describe(), "date": machine.today(), "commit": machine.commit(ROOT)}
    _print(telling.of_machine({**here, "load": machine.load()}))
    failed = []
    for number, name in enumerate(names, 1):
        progress = _Progress(f"[{number}/{len(names)}] {name}")
        about: dict[str, object] = {"machine": here, "load_before": machine.load(), "quick": chosen.quick}
        machine.BEGUN.take()
        part = _tried(name, parts[name], chosen, progress)
        runs = machine.BEGUN.take()
        about |= {"load_after": machine.load(), **runs, "took": progress.seconds}
        if isinstance(part, Part):
            _print([*telling.of_part(part), f"  on {telling.of_calm(*runs.values())}"])
            results.write(out, name, {**about, **part.plain()})
        else:
            failed.append(name)
            results.write(out, name, {**about, "failed": part})
    return failed


def _tried(name: str, entry: Entry, chosen: argparse.Namespace, progress: "_Progress") -> Part | str:
    try:
        return entry.run(chosen.rounds, progress, quick=chosen.quick)
    except FORESEEN as problem:
        said = str(problem)
    except Exception as problem:
        said = f"{type(problem).__name__}: {problem}"
        traceback.print_exc()
    print(f"\nbenchmarks: {name} failed: {said}", file=sys.stderr)
    return said


def _kept(out: Path, names: Sequence[str]) -> bool:
    try:
        results.keep(out, names)
    except sentences.NoSuchFigure as problem:
        print(f"benchmarks: {results.COMMITTED.name} is written, README.md is not: {problem}", file=sys.stderr)
        return False
    return True


def _closing(names: Sequence[str], failed: Sequence[str], out: Path) -> Iterable[str]:
    yield f"\n{len(names) - len(failed)} of {len(names)} parts measured: {out / results.TABLES}"
    if failed:
        yield f"failed: {', '.join(failed)}"


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)


class _Progress:
    """Says how far it is: a line that is written over on a terminal, else one line a part."""

    def __init__(self, name: str) -> None:
        self._name, self._began = name, time.monotonic()
        if not sys.stderr.isatty():
            print(f"{name} …", file=sys.stderr, flush=True)

    def __call__(self, text: str) -> None:
        if sys.stderr.isatty():
            print(f"\033[2K{self._name}, {self.seconds:.0f} s: {text}", end="\r", file=sys.stderr, flush=True)

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self._began, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
