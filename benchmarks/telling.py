"""The figures in words, for a terminal."""

from collections.abc import Iterable, Iterator, Mapping

from benchmarks.aims import Aim
from benchmarks.figures import spoken
from benchmarks.part import Part
from benchmarks.smoke import LATENCY_MS, SHOWN, Smoke

KEPT = {True: "kept  ", False: "MISSED"}
WIDTH = 56


def of_machine(machine: Mapping[str, str], load: float) -> Iterator[str]:
    """What it was measured on."""
    yield ", ".join(f"{name}: {text}" for name, text in machine.items())
    yield f"load of the last minute before the first run: {load}"
    yield "Each figure: the median, then (the least to the most) of all rounds."


def of_measured(measured: Smoke | Part) -> Iterator[str]:
    """Everything that is to be said of one part."""
    yield from of_smoke(measured) if isinstance(measured, Smoke) else of_part(measured)


def of_smoke(smoke: Smoke) -> Iterator[str]:
    """A table of every kind of run, what they are compared with each other, and the aims."""
    figures = smoke.figures()
    for kind, row in figures.items():
        yield f"\nprod-smoke, every answer {LATENCY_MS} ms late, {kind}"
        yield from (f"  {SHOWN[field]:<{WIDTH}}{figure}" for field, figure in row.items())
    yield "\nCompared"
    yield from (f"  {name:<{WIDTH}}{ratio}" for name, ratio in smoke.ratios.items())
    yield from of_aims(smoke.aims)


def of_part(part: Part) -> Iterator[str]:
    """The figures, how they grow, and the aims."""
    yield f"\n{part.title}"
    yield from (f"  {name:<{WIDTH}}{figure}" for name, figure in part.figures().items())
    for kind, line in (part.lines or {}).items():
        yield f"  {kind:<{WIDTH}}" + ", ".join(f"{each:.3f} ms for one of {size:,}" for size, each in line.items())
    yield from (f"  not measured: {remark}" for remark in part.remarks)
    yield from of_aims(part.aims)


def of_aims(aims: Iterable[Aim]) -> Iterator[str]:
    """One line an aim."""
    for aim in aims:
        times = f"{spoken(aim.took.median)} of {spoken(aim.allowed.median)} allowed"
        yield f"  {KEPT[aim.kept]} {aim.sentence}: {times}, in {aim.times_kept} of {len(aim.runs)} runs"
