"""The cases that each lane is expected to judge: committed in checks/manifest.json, compared with the verdicts."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import pytest
from _pytest.mark.expression import Expression

from fixtures.engine import plan
from fixtures.engine.environment import Environment
from fixtures.engine.lanes import Only
from fixtures.engine.near_miss import did_you_mean
from fixtures.engine.registry import REGISTRY

MANIFEST = Path(__file__).parents[1] / "checks" / "manifest.json"
COMMAND = "python -m reports.manifest"


def expected(manifest: Mapping[str, list[str]], expression: str, lanes: Iterable[str]) -> set[str]:
    """The cases that an `-m` expression selects among those whose lanes are allowed."""
    allowed = set(lanes)
    within = {case for case, of_case in manifest.items() if allowed & set(of_case)}
    if not expression.strip():
        return within
    compiled = Expression.compile(expression)

    return {case for case in within if compiled.evaluate(Only(manifest[case]))}


def speaks_of_lanes_only(expression: str) -> bool:
    """Whether an `-m` expression can be compared with the manifest, which knows lanes only."""
    words = expression.replace("(", " ( ").replace(")", " ) ").split()
    return set(words) <= {*plan.LANES, "and", "or", "not", "(", ")"}


def read_manifest() -> dict[str, list[str]]:
    """The committed manifest: case id -> lanes.

    Raises:
        pytest.UsageError: it is missing or not valid.
    """
    try:
        return msgspec.json.decode(MANIFEST.read_bytes(), type=dict[str, list[str]])
    except (OSError, msgspec.MsgspecError) as problem:
        raise pytest.UsageError(f"{MANIFEST} cannot be read ({problem}): make it with {COMMAND}") from None


def refuse_unknown_names(environment: Environment, manifest: Mapping[str, list[str]]) -> None:
    """A misspelt name under [inapplicable] or [[waiver]] would declare nothing, silently.

    Raises:
        pytest.UsageError: a name is no check (nor case, nor provider, where that is possible).
    """
    checks = {case.partition("[")[0] for case in manifest}
    for name in environment.inapplicable:
        _refuse(environment, "[inapplicable]", name, checks | set(manifest) | set(REGISTRY.providers))
    for row in environment.waivers:
        _refuse(environment, "[[waiver]]", row.check, checks | set(manifest))


def _refuse(environment: Environment, table: str, name: str, known: set[str]) -> None:
    if name not in known:
        hint = did_you_mean(name, sorted(known), "checks are listed in RUNBOOK.md")
        raise pytest.UsageError(f"{environment.path}: {table} names {name!r}, which there is not: {hint}")
