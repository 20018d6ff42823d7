"""What the figures are held against."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.figures import Figure, figure
from benchmarks.voyage import Voyage

FLOORS, EXTRA_SECONDS = 1.3, 0.6
CPU_SECONDS = 0.35
READY_SECONDS = 3.0


@dataclass(frozen=True)
class Aim:
    """A sentence, the figure it is about, the most it may be, and whether it was kept (medians are compared)."""

    sentence: str
    measured: Figure
    most: Figure

    @property
    def kept(self) -> bool:
        """Whether the aim was reached."""
        return self.measured.median <= self.most.median

    def plain(self) -> dict[str, object]:
        """For JSON."""
        return {
            "aim": self.sentence,
            "kept": self.kept,
            "measured": self.measured.plain(),
            "most": self.most.plain(),
        }


def of_smoke(voyages: Sequence[Voyage]) -> list[Aim]:
    """The aims for prod-smoke, of its runs with everything looked at once."""
    allowed = figure([FLOORS * voyage.floor + EXTRA_SECONDS for voyage in voyages])
    return [
        Aim(
            f"the whole run within {FLOORS} times its slowest observation + {EXTRA_SECONDS} s",
            figure([voyage.exit for voyage in voyages]),
            allowed,
        ),
        Aim(
            f"at most {CPU_SECONDS} s of CPU before the first observation is sent",
            figure([voyage.cpu_sent for voyage in voyages]),
            figure([CPU_SECONDS]),
        ),
    ]


def of_sandbox(warm: Sequence[float]) -> Aim:
    """The aim for the sandbox's start, when it was started before."""
    return Aim(f"the sandbox ready within {READY_SECONDS:g} s, warm", figure(warm), figure([READY_SECONDS]))
