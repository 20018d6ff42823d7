"""How long the whole migrations lane takes on Ocean, as a process of its own."""

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import rounds, sandboxes
from benchmarks.aims import within
from benchmarks.part import Beside, Part
from benchmarks.voyage import sail

LANE = ("-m", "migrations")
WARM, PENDING = "nothing pending, warm", "one migration pending, warm"
PENDING_TWO, ITS_OWN, COLD = "one pending, warm, -n 2", "one that starts Ocean itself, warm", "one pending, cold"
SECONDS = 5.0
FOLDER = Path("supabase", "migrations")


def measure(count: int, tell: Callable[[str], None]) -> Part:
    """`count` rounds of every kind, beside a running sandbox; an uncounted round first.

    Raises:
        VoyageFailed, fixtures.Unobservable: a run or the sandbox failed.
    """
    with sandboxes.ocean(0) as variables:
        kinds = _kinds(variables)
        rounds.interleaved(kinds, 1, lambda text: tell(f"warming up: {text}"))
        seconds = rounds.interleaved(kinds, count, tell)
    aims = [within(f"the whole lane on Ocean within {SECONDS:g} s, {kind}", seconds[kind], SECONDS) for kind in _AIMED]
    return Part("lane", "pytest -m migrations on Ocean, until the process ended", seconds, aims, beside=COMPARED)


_AIMED = (WARM, PENDING)
COMPARED = (Beside(PENDING, PENDING_TWO), Beside(PENDING, COLD), Beside(WARM, ITS_OWN))


def _kinds(variables: Mapping[str, str]) -> dict[str, Callable[[], float]]:
    pending = (*LANE, f"--applied={newest_but_one(variables)}")
    return {
        WARM: lambda: sail(LANE, variables).exit,
        PENDING: lambda: sail(pending, variables).exit,
        PENDING_TWO: lambda: sail((*pending, "-n", "2"), variables).exit,
        ITS_OWN: lambda: sail(LANE, {}).exit,
        COLD: lambda: _cold(pending, variables),
    }


def newest_but_one(variables: Mapping[str, str]) -> str:
    files = sorted(Path(variables["OCEAN_CHECKOUT"], FOLDER).iterdir())
    return files[-2].name.partition("_")[0]


def _cold(arguments: tuple[str, ...], variables: Mapping[str, str]) -> float:
    with tempfile.TemporaryDirectory(prefix="seatrial-benchmark-") as empty:
        os.chmod(empty, sandboxes.ACCESSIBLE)
        return sail(arguments, {**variables, "XDG_CACHE_HOME": empty}).exit
