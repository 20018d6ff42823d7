"""The figures in words, for a terminal."""

from collections.abc import Iterator, Mapping

from benchmarks.aims import Aim
from benchmarks.smoke import LATENCY_MS, SHOWN, Smoke
from benchmarks.start import Start

KEPT = {True: "kept  ", False: "MISSED"}


def of_machine(machine: Mapping[str, str], load: float) -> Iterator[str]:
    """What it was measured on."""
    yield ", ".join(f"{name}: {text}" for name, text in machine.items())
    yield f"load of the last minute before the first run: {load}"
    yield "Each figure: the median, then (the least to the most) of all rounds."


def of_smoke(smoke: Smoke) -> Iterator[str]:
    """A table of every kind of run, what they are compared with each other, and the aims."""
    figures = smoke.figures()
    for kind, row in figures.items():
        yield f"\nprod-smoke, every answer {LATENCY_MS} ms late, {kind}"
        yield from (f"  {SHOWN[field]:<42}{figure}" for field, figure in row.items())
    yield "\nCompared"
    yield from (f"  {name:<42}{ratio}" for name, ratio in smoke.ratios.items())
    yield from of_aims(smoke.aims)


def of_start(start: Start) -> Iterator[str]:
    """The seconds until the sandbox is ready, and of a run of everything."""
    yield "\nWithout latency"
    yield from (f"  {name:<42}{figure}" for name, figure in start.figures().items())
    yield from of_aims(start.aims)


def of_aims(aims: list[Aim]) -> Iterator[str]:
    """One line an aim."""
    for aim in aims:
        times = f"{aim.took.median:.2f} s of {aim.allowed.median:.2f} s allowed"
        yield f"  {KEPT[aim.kept]} {aim.sentence}: {times}, in {aim.times_kept} of {len(aim.runs)} runs"
