"""What the figures are held against."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.figures import Figure, figure
from benchmarks.voyage import Voyage

FLOORS, EXTRA_SECONDS = 1.3, 0.6
CPU_SECONDS = 0.35


@dataclass(frozen=True)
class Aim:
    """A sentence, and of each run the seconds it took and the seconds it was allowed."""

    sentence: str
    runs: tuple[tuple[float, float], ...]

    @property
    def took(self) -> Figure:
        """Seconds."""
        return figure([took for took, _ in self.runs])

    @property
    def allowed(self) -> Figure:
        """Seconds."""
        return figure([allowed for _, allowed in self.runs])

    @property
    def used(self) -> Figure:
        """The part of what was allowed that was used, each run for itself."""
        return figure([took / allowed for took, allowed in self.runs], "x")

    @property
    def kept(self) -> bool:
        """Whether the median run kept it."""
        return self.used.median <= 1.0

    @property
    def times_kept(self) -> int:
        """How many runs kept it."""
        return sum(took <= allowed for took, allowed in self.runs)

    def plain(self) -> dict[str, object]:
        """For JSON."""
        figures = {"took": self.took, "allowed": self.allowed, "used": self.used}
        plain = {name: value.plain() for name, value in figures.items()}
        return {"aim": self.sentence, "kept": self.kept, "times_kept": self.times_kept, **plain}


def within(sentence: str, took: Sequence[float], seconds: float) -> Aim:
    """An aim that is the same in every run. `sentence` says what takes how long at the most."""
    return Aim(sentence, tuple((run, seconds) for run in took))


def beside(sentence: str, took: Sequence[float], others: Sequence[float], times: float) -> Aim:
    """An aim that is `times` what something else took in the same round."""
    return Aim(sentence, tuple((run, times * other) for run, other in zip(took, others, strict=True)))


def of_smoke(voyages: Sequence[Voyage]) -> list[Aim]:
    """The aims for prod-smoke, of its runs with everything looked at once."""
    return [
        Aim(
            f"the whole run within {FLOORS} times its slowest observation + {EXTRA_SECONDS} s",
            tuple((voyage.exit, FLOORS * voyage.floor + EXTRA_SECONDS) for voyage in voyages),
        ),
        within(
            f"at most {CPU_SECONDS} s of CPU before the first observation is sent",
            [voyage.cpu_sent for voyage in voyages],
            CPU_SECONDS,
        ),
    ]
