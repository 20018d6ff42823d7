"""Repeated measurements of one quantity, and what is said of them."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass

_SHORT_SECONDS = 0.1
"""What takes less is told in milliseconds."""


@dataclass(frozen=True)
class Figure:
    """A quantity measured in several rounds; `unit` is "s", "x" (a ratio), "MB" or "" (a number)."""

    median: float
    least: float
    most: float
    rounds: int
    unit: str = "s"

    def __str__(self) -> str:
        short = self.unit == "s" and abs(self.median) < _SHORT_SECONDS
        times, unit = (1000, "ms") if short else (1, self.unit)
        return f"{times * self.median:6.2f} {unit:2} ({times * self.least:.2f} to {times * self.most:.2f})"

    def plain(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def figure(values: Sequence[float], unit: str = "s") -> Figure:
    """The median, least and most of at least one value."""
    median, least, most = statistics.median(values), min(values), max(values)
    return Figure(round(median, 6), round(least, 6), round(most, 6), len(values), unit)


def spoken(seconds: float) -> str:
    """Seconds as a person reads them: `1.13 s`, `4.2 ms`."""
    return f"{seconds:.2f} s" if abs(seconds) >= _SHORT_SECONDS else f"{1000 * seconds:.1f} ms"
