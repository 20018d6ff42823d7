"""A plugin of pytest's (`-p selftests.judged_by_mutants --rows=FILE`): checks and their mutants judge stored facts.

FILE is JSON: by row, its stored observations (`seen`) and the `checks` that are to judge them. Pytest collects, so that
cases and what they ask for are the suite's own; nothing is looked at, and no check is run but by this. Left as
mutants.json in the report's folder: by row, what each case came to (`right`), and by mutant the cases that it judges
otherwise (`noticed`).
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from fixtures import Inapplicable, Unobservable
from fixtures.engine import plan
from fixtures.engine.observed import ProbeCrashed
from fixtures.engine.registry import REGISTRY
from fixtures.engine.stored import BadStore, Memory, Stored, read_store
from selftests.mutants import Mutant, mutants_of
from selftests.voyage import HOUSE

FILE = "mutants.json"
VERIFIED, VIOLATED, BLIND = "verified", "Finding", "Unobservable"
Check = Callable[..., object]


def pytest_addoption(parser: pytest.Parser) -> None:
    """The rows."""
    parser.addoption("--rows", type=Path, metavar="FILE", help="stored observations, and who judges them")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """In place of running the checks."""
    rows = json.loads(session.config.getoption("--rows").read_text(encoding="utf-8"))
    items: dict[str, list[pytest.Function]] = defaultdict(list)
    for item in session.items:
        assert isinstance(item, pytest.Function)
        items[plan.check_of(item)].append(item)
    told = {
        row: judged(_memory(Path(one["seen"])), [item for check in one["checks"] for item in items[check]])
        for row, one in rows.items()
    }
    folder = Path(session.config.getoption("--report"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(json.dumps(told), encoding="utf-8")
    return True


def judged(memory: Memory, items: Iterable[pytest.Function]) -> dict[str, Any]:
    """What these cases come to with what was seen, and who judges otherwise."""
    right: dict[str, str] = {}
    noticed: dict[str, list[str]] = defaultdict(list)
    for item in items:
        case = plan.id_of(item)
        try:
            arguments = _arguments(memory, item)
        except (Unobservable, Inapplicable, ProbeCrashed) as problem:
            right[case] = BLIND if isinstance(problem, Unobservable) else type(problem).__name__
            continue
        right[case] = outcome_of(item.obj, arguments)
        for mutant, check in wrong_checks(item.path, item.obj.__name__):
            if outcome_of(check, arguments) != right[case]:
                noticed[mutant.name].append(case)
    return {"right": right, "noticed": noticed}


def _memory(seen: Path) -> Memory:
    """What was seen; nothing when it cannot be read."""
    try:
        return Memory(read_store(seen), REGISTRY)
    except BadStore:
        return Memory(Stored(version=0, environment="", started="", observations=()), REGISTRY)


def _arguments(memory: Memory, item: pytest.Function) -> dict[str, Any]:
    """A check's facts and what its row holds, by the names of its arguments."""
    asked: Mapping[str, object] = item.callspec.params if hasattr(item, "callspec") else {}
    return {
        name: memory.look(plan.key_for(name, asked.get(name))).judgeable()
        if name in REGISTRY.observations
        else asked[name]
        for name in item._fixtureinfo.argnames
    }


def outcome_of(check: Check, arguments: Mapping[str, Any]) -> str:
    """What judging comes to: verified, Finding, or the name of another exception."""
    try:
        check(**arguments)
    except Exception as problem:
        return type(problem).__name__
    return VERIFIED


@cache
def wrong_checks(path: Path, function: str) -> list[tuple[Mutant, Check]]:
    """The mutants of the check in this file, each as a function to be called."""
    file = path.relative_to(HOUSE).as_posix()
    mutants = mutants_of(path.read_text(encoding="utf-8"), file)
    return [(mutant, _function(mutant.code, path, function)) for mutant in mutants]


@cache
def right_check(path: Path, function: str) -> Check:
    """The check in this file, as it is."""
    return _function(compile(path.read_text(encoding="utf-8"), path, "exec"), path, function)


def _function(code: CodeType, path: Path, function: str) -> Check:
    module: dict[str, Any] = {"__name__": f"judging {path.stem}", "__file__": str(path)}
    exec(code, module)  # noqa: S102 - a check of ours, at the most with one thing changed
    found: Check = module[function]
    return found
