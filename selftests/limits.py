"""A check, arguments that no fault of the sandbox makes, and whether it has something to say of them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selftests.fault_reach import FAMILIES
from selftests.judged_by_mutants import Check, outcome_of, right_check, wrong_checks
from selftests.voyage import HOUSE


class Fact:
    """The fields that are named, and no other: a check that reads another one fails."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)


@dataclass(frozen=True)
class Limit:
    """A check's arguments, and whether it has something to say."""

    check: str
    name: str
    speaks: bool
    arguments: Mapping[str, Any]

    @property
    def outcome(self) -> str:
        """What judging has to come to."""
        return "Finding" if self.speaks else "verified"


def at(check: str, name: str, **arguments: Any) -> Limit:
    """It is still as promised."""
    return Limit(check, name, speaks=False, arguments=arguments)


def beyond(check: str, name: str, **arguments: Any) -> Limit:
    """It is not."""
    return Limit(check, name, speaks=True, arguments=arguments)


def judged(limits: Iterable[Limit], checks: Collection[str]) -> dict[str, list[str]]:
    """By limit of one of these checks, the mutants that judge it otherwise."""
    return {
        f"{limit.check}, at the limit: {limit.name}": [
            mutant.name
            for mutant, wrong in wrong_checks(*_place(limit.check))
            if outcome_of(wrong, dict(limit.arguments)) != limit.outcome
        ]
        for limit in limits
        if limit.check in checks
    }


def right(limit: Limit) -> Check:
    """The check itself."""
    return right_check(*_place(limit.check))


def _place(check: str) -> tuple[Path, str]:
    return HOUSE / "checks" / FAMILIES[check] / f"{check}.py", f"test_{check}"
