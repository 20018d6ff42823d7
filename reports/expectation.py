"""The cases that each lane is expected to judge: committed in checks/manifest.json, compared with the verdicts."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from fixtures.engine import plan
from fixtures.engine.options import Only

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
        content: dict[str, list[str]] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise pytest.UsageError(f"{MANIFEST} cannot be read ({problem}): make it with {COMMAND}") from None
    return content
