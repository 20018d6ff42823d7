"""How soon the sandbox is ready, and how long every lane takes on an environment that starts one itself."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import aims, rounds, sandboxes
from benchmarks.aims import Aim
from benchmarks.figures import Figure, figure
from benchmarks.voyage import sail

COLD, WARM, EVERYTHING = "sandbox ready, cold", "sandbox ready, warm", "pytest, every lane, warm"


@dataclass(frozen=True)
class Start:
    """Seconds, by what was started, in the order they were measured."""

    seconds: dict[str, list[float]]

    @property
    def aims(self) -> list[Aim]:
        """What is promised about the sandbox."""
        return [aims.of_sandbox(self.seconds[WARM])]

    def figures(self) -> dict[str, Figure]:
        """By what was started."""
        return {name: figure(values) for name, values in self.seconds.items()}

    def plain(self) -> dict[str, object]:
        """For JSON: the figures and every single measurement."""
        return {
            "aims": [aim.plain() for aim in self.aims],
            "figures": {name: value.plain() for name, value in self.figures().items()},
            "seconds": self.seconds,
        }


def measure(count: int, tell: Callable[[str], None]) -> Start:
    """`count` rounds of a cold start, a warm start and a whole run; a warm start and a run before, uncounted.

    Raises:
        VoyageFailed, fixtures.Unobservable, RuntimeError: one of them failed.
    """
    tell("warming up")
    sandboxes.seconds_to_ready()
    sail((), {})
    kinds: dict[str, Callable[[], float]] = {
        COLD: sandboxes.seconds_to_ready_cold,
        WARM: sandboxes.seconds_to_ready,
        EVERYTHING: lambda: sail((), {}).exit,
    }
    return Start(rounds.interleaved(kinds, count, tell))
