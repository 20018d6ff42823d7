"""prod-smoke against the sandbox, far away: how soon, at what cost, and what looking at everything at once gains."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from benchmarks import aims, rounds, sandboxes
from benchmarks.aims import Aim
from benchmarks.figures import Figure, figure
from benchmarks.voyage import Voyage

LATENCY_MS = 100
AT_ONCE, ALONE = "at once", "one after the other"
"""Names of kinds of `rounds.smoke_kinds`."""
SHOWN = {
    "sent": "first observation sent",
    "first_verdict": "first verdict",
    "last_verdict": "last verdict",
    "exit": "whole run, until the process ended",
    "floor": "slowest observation: the floor",
    "observations": "all observations, added up",
    "cpu_looking": "CPU until the checks were collected",
    "cpu_sent": "CPU until the first observation was sent",
    "cpu_exit": "CPU of the whole run",
}
"""The fields of a Voyage that are told, with their names for people."""


@dataclass(frozen=True)
class Smoke:
    """Every run, by kind, in the order they were made."""

    voyages: dict[str, list[Voyage]]

    @property
    def aims(self) -> list[Aim]:
        """What the suite promises about prod-smoke."""
        return aims.of_smoke(self.voyages[AT_ONCE])

    @property
    def ratios(self) -> dict[str, Figure]:
        """Quotients of times of the same run or the same round, by what they say."""
        together, alone = self.voyages[AT_ONCE], self.voyages[ALONE]
        pairs = {
            "whole run / its slowest observation": [(ours.exit, ours.floor) for ours in together],
            "whole run / the slowest looked at alone": [
                (a.exit, b.floor) for a, b in zip(together, alone, strict=True)
            ],
        } | {
            f"{name} / {AT_ONCE}": [(a.exit, b.exit) for a, b in zip(voyages, together, strict=True)]
            for name, voyages in self.voyages.items()
            if name != AT_ONCE
        }
        return {name: figure([a / b for a, b in values], "x") for name, values in pairs.items()}

    def figures(self) -> dict[str, dict[str, Figure]]:
        """kind -> field of a Voyage -> figure."""
        return {kind: _figures(voyages) for kind, voyages in self.voyages.items()}

    def plain(self) -> dict[str, object]:
        """For JSON: the figures and every single run."""
        return {
            "latency_ms": LATENCY_MS,
            "aims": [aim.plain() for aim in self.aims],
            "ratios": {name: ratio.plain() for name, ratio in self.ratios.items()},
            "figures": {
                kind: {name: value.plain() for name, value in row.items()} for kind, row in self.figures().items()
            },
            "runs": {kind: [asdict(voyage) for voyage in voyages] for kind, voyages in self.voyages.items()},
        }


def _figures(voyages: list[Voyage]) -> dict[str, Figure]:
    columns = {field: [getattr(voyage, field) for voyage in voyages] for field in SHOWN}
    return {field: figure(values) for field, values in columns.items() if None not in values}


def measure(count: int, tell: Callable[[str], None]) -> Smoke:
    """`count` rounds of every kind. Before them, each kind runs once uncounted, so that what can be cached is.

    Raises:
        VoyageFailed, fixtures.Unobservable: a run or the sandbox failed.
    """
    with sandboxes.ocean(LATENCY_MS) as variables, rounds.uncompiled_house() as house:
        kinds = rounds.smoke_kinds(variables, house)
        rounds.interleaved(kinds, 1, lambda text: tell(f"warming up: {text}"))
        return Smoke(rounds.interleaved(kinds, count, tell))
