"""Whether a check that passed could have failed at all."""

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import CodeType

import pytest

from fixtures.engine import plan


def why_it_cannot_fail(item: pytest.Item) -> str | None:
    """Why a check that passed has proved nothing, if so."""
    for name in ("xfail", "skip", "skipif"):
        if item.get_closest_marker(name):
            return (
                f"it is marked {name}, which is no waiver: accept a subject under [[waiver]], with reason and last day"
            )
    if not plan.lanes_of(item):
        return f"it is in no lane: mark it with one of {', '.join(plan.LANES)}"
    if not item.stash.get(plan.LOOKED, []):
        return "this check looked at nothing: let it ask for an observation"
    function = getattr(item, "function", None)
    if function is not None and "Finding" not in set(_names(function.__code__)):
        return "this check cannot fail: let it raise Finding when the promise is broken"
    if _asserts_a_tuple(item.path):
        return "it asserts a tuple, which is always true: raise Finding when the promise is broken"
    return None


@cache
def _asserts_a_tuple(path: Path) -> bool:
    """Whether a file has ``assert (x, "text")``. Python says so once, when it compiles, and never again."""
    text = path.read_text(encoding="utf-8")
    if "assert" not in text:
        return False
    found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Assert))
    return any(isinstance(node.test, ast.Tuple) and node.test.elts for node in found)


def _names(code: CodeType) -> Iterable[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
