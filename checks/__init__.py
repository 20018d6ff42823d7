"""The room that judges: one file a promise. A check takes facts and raises `Finding` when the promise is broken."""

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from fixtures import Fact

critical = pytest.mark.severity("critical")
"""Customers are exposed or losing money now."""
high = pytest.mark.severity("high")
"""One more failure away from that."""
low = pytest.mark.severity("low")
"""Put it on the board."""

pre_deploy = getattr(pytest.mark, "pre-deploy")
prod_smoke = getattr(pytest.mark, "prod-smoke")
migrations_lane = pytest.mark.migrations
"""Not plainly `migrations`: that is a family of checks, and so a module of this package."""
drill = pytest.mark.drill

runbook = pytest.mark.runbook
"""The runbook items that a check stands for: ``runbook("RLS-1")``."""


ON_EVERY_DATABASE = [
    pytest.param("environment", id="environment", marks=[pre_deploy, prod_smoke]),
    pytest.param("replayed", id="replayed", marks=[migrations_lane]),
]
"""Rows for what is judged on the environment's database, and on the one that the migrations make."""


class Finding(Exception):
    """A promise is broken.

    `message` says what is wrong; `subjects` are the facts (or names) it is about; `evidence` holds further
    plain values for the report.
    """

    def __init__(self, message: str, subjects: Iterable[object] = (), **evidence: Any) -> None:
        super().__init__(message)
        self.message = message
        self.about = tuple(subjects)
        self.evidence = evidence

    @property
    def subjects(self) -> tuple[str, ...]:
        """The names of what the finding is about, in order, each once."""
        return tuple(dict.fromkeys(name_of(fact) for fact in self.about))

    @property
    def facts(self) -> dict[str, Any]:
        """What was seen of each subject, as plain values, by its name."""
        return {name_of(fact): msgspec.to_builtins(fact) for fact in self.about if isinstance(fact, Fact)}


def name_of(fact: object) -> str:
    """How a subject is printed and waived."""
    return (fact.subject or str(fact)) if isinstance(fact, Fact) else str(fact)
