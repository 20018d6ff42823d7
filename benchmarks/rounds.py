"""What is compared, side by side: each round makes one run of every kind, in turn, each time with another first."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from benchmarks.machine import BEGUN
from benchmarks.voyage import ROOT, Voyage, sail

T = TypeVar("T")
MOMENTS = "benchmarks.moments"
SMOKE = ("-m", "prod-smoke", f"--env-file={Path(__file__).with_name('ocean.toml')}")
NEEDED = ("checks", "fixtures", "reports", "sandbox", "baseline", "benchmarks", "conftest.py", "pyproject.toml")


def interleaved(kinds: Mapping[str, Callable[[], T]], rounds: int, tell: Callable[[str], None]) -> dict[str, list[T]]:
    """`rounds` results of each kind, by its name. `tell` is told what is begun."""
    results: dict[str, list[T]] = {name: [] for name in kinds}
    names = list(kinds)
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            calm = BEGUN.wait()
            tell(f"round {turn + 1} of {rounds}: {name}{'' if calm else ', on a busy machine'}")
            results[name].append(kinds[name]())
    return results


def smoke_kinds(variables: Mapping[str, str], uncompiled: Path) -> dict[str, Callable[[], Voyage]]:
    """Ways to run prod-smoke against the environment of `variables`; `uncompiled` is a copy of this house."""
    alone = (MOMENTS, "benchmarks.one_at_a_time")
    never = {**variables, "PYTHONDONTWRITEBYTECODE": "1"}
    return {
        "at once": lambda: sail(SMOKE, variables),
        "one after the other": lambda: sail(SMOKE, variables, plugins=alone),
        "-n 2": lambda: sail((*SMOKE, "-n", "2"), variables),
        "nothing compiled": lambda: sail(SMOKE, never, house=uncompiled),
    }


@contextmanager
def uncompiled_house() -> Iterator[Path]:
    """A copy of this house whose modules no interpreter has compiled yet; what pip installs it compiled itself.

    Raises:
        RuntimeError: at the end something in it is compiled, so that what was measured is something else.
    """
    with tempfile.TemporaryDirectory(prefix="seatrial-benchmark-") as folder:
        for name in NEEDED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, Path(folder, name), ignore=shutil.ignore_patterns("__pycache__", "out"))
            else:
                shutil.copy(source, folder)
        yield Path(folder)
        if list(Path(folder).rglob("*.pyc")):
            raise RuntimeError(f"somebody compiled the modules in {folder}, which were to stay uncompiled")
