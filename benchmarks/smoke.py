"""prod-smoke against the sandbox, far away: how soon, at what cost, and what looking at everything at once gains."""

from collections.abc import Callable, Mapping, Sequence

from benchmarks import aims, rounds, sandboxes
from benchmarks.figures import Figure, figure
from benchmarks.part import Beside, Part
from benchmarks.voyage import Voyage

LATENCY_MS = 100
AT_ONCE, ALONE = "at once", "one after the other"
"""Names of kinds of `rounds.smoke_kinds`."""
WHOLE = "whole run"
SHOWN = {
    "exit": WHOLE,
    "floor": "slowest observation: the floor",
    "observations": "all observations, added up",
    "sent": "first observation sent",
    "first_verdict": "first verdict",
    "last_verdict": "last verdict",
    "cpu_looking": "CPU until the checks were collected",
    "cpu_sent": "CPU until the first observation was sent",
    "cpu_exit": "CPU of the whole run",
}
"""The fields of a Voyage that are told, with their names for people."""


def measure(count: int, tell: Callable[[str], None]) -> Part:
    """`count` rounds of every kind. Before them, each kind runs once uncounted, so that what can be cached is.

    Raises:
        VoyageFailed, fixtures.Unobservable: a run or the sandbox failed.
    """
    with sandboxes.ocean(LATENCY_MS) as variables, rounds.uncompiled_house() as house:
        kinds = rounds.smoke_kinds(variables, house)
        rounds.interleaved(kinds, 1, lambda text: tell(f"warming up: {text}"))
        return part_of(rounds.interleaved(kinds, count, tell))


def part_of(voyages: Mapping[str, Sequence[Voyage]]) -> Part:
    """What is said of the runs of each kind."""
    return Part(
        "smoke",
        f"prod-smoke, every answer {LATENCY_MS} ms late",
        _seconds(voyages),
        aims.of_smoke(voyages[AT_ONCE]),
        _derived(voyages[AT_ONCE], voyages[ALONE]),
        beside=[Beside(_named(AT_ONCE, WHOLE), _named(kind, WHOLE)) for kind in voyages if kind != AT_ONCE],
    )


def _seconds(voyages: Mapping[str, Sequence[Voyage]]) -> dict[str, list[float]]:
    columns = {
        _named(kind, said): [getattr(voyage, field) for voyage in taken]
        for field, said in SHOWN.items()
        for kind, taken in voyages.items()
    }
    return {name: values for name, values in columns.items() if None not in values}


def _derived(together: Sequence[Voyage], alone: Sequence[Voyage]) -> dict[str, Figure]:
    pairs = list(zip(together, alone, strict=True))
    return {
        "whole run / its slowest observation": figure([ours.exit / ours.floor for ours in together], "x"),
        "whole run / the slowest looked at alone": figure([ours.exit / other.floor for ours, other in pairs], "x"),
        "cases judged": figure([ours.verdicts for ours in together], ""),
    }


def _named(kind: str, what: str) -> str:
    return f"{kind}: {what}"
