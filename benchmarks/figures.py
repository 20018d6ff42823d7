"""Repeated measurements of one quantity, and what is said of them."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """A quantity measured in several rounds; `unit` is "s" or "" (a ratio)."""

    median: float
    least: float
    most: float
    rounds: int
    unit: str = "s"

    def __str__(self) -> str:
        return f"{self.median:6.2f} {self.unit:1}  ({self.least:.2f} to {self.most:.2f})"

    def plain(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def figure(values: Sequence[float], unit: str = "s") -> Figure:
    """The median, least and most of at least one value."""
    median, least, most = statistics.median(values), min(values), max(values)
    return Figure(round(median, 3), round(least, 3), round(most, 3), len(values), unit)
