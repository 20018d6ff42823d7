"""How soon the sandbox is ready, and how long every lane takes on an environment that starts one itself."""

from collections.abc import Callable

from benchmarks import rounds, sandboxes
from benchmarks.aims import within
from benchmarks.part import Beside, Part
from benchmarks.voyage import sail

COLD, WARM, EVERYTHING = "sandbox ready, cold", "sandbox ready, warm", "pytest, every lane, warm"
READY_SECONDS = 3.0


def measure(count: int, tell: Callable[[str], None]) -> Part:
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
    seconds = rounds.interleaved(kinds, count, tell)
    aim = within(f"the sandbox ready within {READY_SECONDS:g} s, warm", seconds[WARM], READY_SECONDS)
    return Part("start", "The sandbox, without latency", seconds, [aim], beside=[Beside(WARM, COLD)])
