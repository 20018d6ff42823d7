"""What came of measuring one part of the suite: every single measurement, and what is said of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from benchmarks.aims import Aim
from benchmarks.figures import Figure, figure

BySize = Mapping[int, Mapping[str, Sequence[float]]]
"""How many files or tables -> what was done with them -> seconds, round by round."""


@dataclass(frozen=True)
class Missing:
    """A peer that is not on this machine, and how to get it."""

    peer: str
    how: str


@dataclass(frozen=True)
class Beside:
    """Ours and a peer: names of `Part.seconds` that were measured in the same rounds."""

    ours: str
    peer: str

    @property
    def name(self) -> str:
        """What the quotient is called."""
        return f"{self.ours} / {self.peer}"


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
    """What has to be known to read the figures."""
    beside: Sequence[Beside] = ()
    missing: Sequence[Missing] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    """Of the peers, by name."""

    def figures(self) -> dict[str, Figure]:
        """By what was done, or what was computed."""
        return {name: figure(took) for name, took in self.seconds.items()} | dict(self.derived or {})

    def ratios(self) -> dict[str, Figure]:
        """Of ours to each peer, each round for itself, by the name of the pair."""
        return {pair.name: self._ratio(pair) for pair in self.beside}

    def _ratio(self, pair: Beside) -> Figure:
        both = zip(self.seconds[pair.ours], self.seconds[pair.peer], strict=True)
        return figure([ours / theirs for ours, theirs in both], "x")

    def plain(self) -> dict[str, object]:
        """For JSON: the figures and every single measurement."""
        return {
            "title": self.title,
            "figures": {name: value.plain() for name, value in self.figures().items()},
            "ratios": {name: value.plain() for name, value in self.ratios().items()},
            "beside": [asdict(pair) for pair in self.beside],
            "aims": [aim.plain() for aim in self.aims],
            "missing": [asdict(peer) for peer in self.missing],
            "versions": dict(self.versions),
            "remarks": list(self.remarks),
            "milliseconds_for_one": {kind: dict(line) for kind, line in (self.lines or {}).items()},
            "seconds": {name: list(took) for name, took in self.seconds.items()},
        }


def named(found: BySize, what: str) -> dict[str, Sequence[float]]:
    """The seconds of all sizes by name. `what`: files or tables."""
    return {name: took for name, _, took in _rows(found, what)}


def pairs(found: BySize, what: str, ours: str, *peers: str) -> list[Beside]:
    """Ours beside each peer that was measured, for each size, by the names that `named` gives."""
    return [
        Beside(_named(ours, size, what), _named(peer, size, what))
        for size, row in found.items()
        for peer in peers
        if ours in row and peer in row
    ]


def all_beside(ours: str, peers: Iterable[str]) -> list[Beside]:
    """Ours beside each of the others."""
    return [Beside(ours, peer) for peer in peers if peer != ours]


def lines(found: BySize) -> dict[str, dict[int, float]]:
    """What one of them cost, in milliseconds: see `Part.lines`. Empty when there is one size only."""
    kinds = list(dict.fromkeys(kind for row in found.values() for kind in row))
    if len(found) == 1:
        return {}
    return {kind: {size: _for_one(row[kind], size) for size, row in found.items() if kind in row} for kind in kinds}


def _rows(found: BySize, what: str) -> Iterator[tuple[str, int, Sequence[float]]]:
    for size, row in found.items():
        yield from ((_named(kind, size, what), size, took) for kind, took in row.items())


def _named(kind: str, size: int, what: str) -> str:
    return f"{kind}, {size:,} {what}"


def _for_one(took: Sequence[float], size: int) -> float:
    return round(1000 * figure(took).median / size, 4)
