"""What came of measuring one part of the suite: every single measurement, and what is said of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.aims import Aim
from benchmarks.figures import Figure, figure

BySize = Mapping[int, Mapping[str, Sequence[float]]]
"""How many files or tables -> what was done with them -> seconds, round by round."""


@dataclass(frozen=True)
class Part:
    """One part. `seconds`: by what was done, in the order in which it is told."""

    name: str
    title: str
    seconds: Mapping[str, Sequence[float]]
    aims: Sequence[Aim] = ()
    derived: Mapping[str, Figure] | None = None
    """What was computed from several measurements of one round."""
    lines: Mapping[str, Mapping[int, float]] | None = None
    """Milliseconds for one file or table, by what was done and how many there are: the same everywhere, or falling,
    where cost grows no faster than they."""
    remarks: Sequence[str] = ()
    """What was not measured, and why."""

    def figures(self) -> dict[str, Figure]:
        """By what was done, or what was computed."""
        return {name: figure(took) for name, took in self.seconds.items()} | dict(self.derived or {})

    def plain(self) -> dict[str, object]:
        """For JSON: the figures and every single measurement."""
        return {
            "aims": [aim.plain() for aim in self.aims],
            "figures": {name: value.plain() for name, value in self.figures().items()},
            "seconds": {name: list(took) for name, took in self.seconds.items()},
            "milliseconds_for_one": {kind: dict(line) for kind, line in (self.lines or {}).items()},
            "remarks": list(self.remarks),
        }


def named(found: BySize, what: str) -> dict[str, Sequence[float]]:
    """The seconds of all sizes by name. `what`: files or tables."""
    return {name: took for name, _, took in _rows(found, what)}


def lines(found: BySize) -> dict[str, dict[int, float]]:
    """What one of them cost, in milliseconds: see `Part.lines`. Empty when there is one size only."""
    kinds = list(dict.fromkeys(kind for row in found.values() for kind in row))
    if len(found) == 1:
        return {}
    return {kind: {size: _for_one(row[kind], size) for size, row in found.items() if kind in row} for kind in kinds}


def _rows(found: BySize, what: str) -> Iterator[tuple[str, int, Sequence[float]]]:
    for size, row in found.items():
        yield from ((f"{kind}, {size:,} {what}", size, took) for kind, took in row.items())


def _for_one(took: Sequence[float], size: int) -> float:
    return round(1000 * figure(took).median / size, 4)
