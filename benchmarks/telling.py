"""The figures in words, for a terminal."""

from collections.abc import Iterable, Iterator, Mapping

from benchmarks.aims import Aim
from benchmarks.figures import spoken
from benchmarks.part import Part

KEPT = {True: "kept  ", False: "MISSED"}
WIDTH = 60


def of_machine(about: Mapping[str, object]) -> Iterator[str]:
    """What is measured, and on what."""
    yield ", ".join(f"{name}: {text}" for name, text in about.items())
    yield "Each figure: the median, then (the least to the most) of all rounds."


def of_part(part: Part) -> Iterator[str]:
    """The figures, beside whom, how they grow, the aims, and which peers are not here."""
    yield f"\n{part.name}: {part.title}"
    yield from (f"  {name:<{WIDTH}}{figure}" for name, figure in part.figures().items())
    for kind, line in (part.lines or {}).items():
        yield f"  {kind:<{WIDTH}}" + ", ".join(f"{each:.3f} ms for one of {size:,}" for size, each in line.items())
    yield from (f"  {name:<{WIDTH}}{ratio}" for name, ratio in part.ratios().items())
    yield from (f"  peer missing: {peer.peer}: {peer.how}" for peer in part.missing)
    yield from (f"  {remark}" for remark in part.remarks)
    yield from of_aims(part.aims)


def of_aims(aims: Iterable[Aim]) -> Iterator[str]:
    """One line an aim."""
    for aim in aims:
        times = f"{spoken(aim.took.median)} of {spoken(aim.allowed.median)} allowed"
        yield f"  {KEPT[aim.kept]} {aim.sentence}: {times}, in {aim.times_kept} of {len(aim.runs)} runs"


def of_calm(calm: int, busy: int) -> str:
    """How far wall-clock figures can be trusted."""
    if not calm + busy:
        return "a machine whose calm was not looked at"
    if not busy:
        return "a quiet machine"
    return f"a busy machine before {busy} of {calm + busy} runs: look at the ratios, and at the least"
