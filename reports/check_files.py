"""What the files of ``checks/`` say about themselves: promise, severity, runbook entries, cases and their lanes.

Read from docstrings and marks, without pytest: nothing is collected and no fixture is asked for.
"""

import importlib.util
import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Protocol

from msgspec import Struct

from reports.promise import Promise, parse

LANES = ("pre-deploy", "prod-smoke", "migrations", "drill")


class Mark(Protocol):
    """A pytest Mark or MarkDecorator, as far as it is read here."""

    @property
    def name(self) -> str: ...
    @property
    def args(self) -> tuple[Any, ...]: ...
    @property
    def kwargs(self) -> Any: ...


class Case(Struct, frozen=True, kw_only=True):
    """One row of a check's table."""

    id: str
    severity: str
    runbook: tuple[str, ...]
    lanes: tuple[str, ...]


class CheckFile(Struct, frozen=True, kw_only=True):
    """One check, as its file describes it. `file` is relative to the repository: checks/health/endpoint_healthy.py."""

    check: str
    family: str
    file: str
    promise: Promise
    cases: tuple[Case, ...]

    @property
    def severities(self) -> list[str]:
        """The severities of its cases, each once."""
        return list(dict.fromkeys(case.severity for case in self.cases))

    @property
    def runbook(self) -> list[str]:
        """The runbook entries of its cases, each once."""
        return list(dict.fromkeys(entry for case in self.cases for entry in case.runbook))


class Row(Struct, frozen=True):
    """A parameter set: its id, and the marks it adds."""

    id: str
    marks: tuple[Any, ...]


def check_files(root: Path) -> list[CheckFile]:
    """All checks of the repository at `root`, by family and name.

    Raises:
        ValueError: there is no check, a file does not hold exactly one check, or its docstring or marks are incomplete.
    """
    paths = _paths(root)
    if not paths:
        raise ValueError(f"there are no checks in {root / 'checks'}")
    names = {path.stem: path for path in reversed(paths)}
    for path in paths:
        if names[path.stem] != path:
            first = names[path.stem].relative_to(root).as_posix()
            raise ValueError(
                f"{path.relative_to(root).as_posix()}: {first} has that name, and a check's id is its name"
            )
    return [_read(path, root) for path in paths]


def readable_checks(root: Path, imported_only: bool = False) -> list[CheckFile]:
    """Those checks that can be read, by family and name: for a report that is made whatever is wrong with one of them.

    `imported_only`: run no code of a file that pytest has not imported; it may be the one that hangs.
    """
    found = []
    for path in _paths(root):
        if imported_only and _imported(path) is None:
            continue
        try:
            found.append(_read(path, root))
        except KeyboardInterrupt:
            raise
        except BaseException:  # noqa: S112 - a file may skip or exit while it is imported: pytest has told that already
            continue
    return found


def _paths(root: Path) -> list[Path]:
    return sorted(path for path in (root / "checks").glob("*/*.py") if not path.name.startswith("_"))


def _read(path: Path, root: Path) -> CheckFile:
    file = path.relative_to(root).as_posix()
    try:
        module = _load(path)
        function = _only_check(module)
        promise = parse(function.__doc__)
        cases = tuple(_cases(path.stem, _marks(module), _marks(function)))
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    return CheckFile(check=path.stem, family=path.parent.name, file=file, promise=promise, cases=cases)


def _imported(path: Path) -> ModuleType | None:
    """The module that pytest made of a file."""
    module = sys.modules.get(f"checks.{path.parent.name}.{path.stem}")
    return module if module is not None and module.__file__ == str(path) else None


def _load(path: Path) -> ModuleType:
    if module := _imported(path):
        return module
    spec = importlib.util.spec_from_file_location(f"checks.{path.parent.name}.{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ValueError("it cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _only_check(module: ModuleType) -> FunctionType:
    named = [value for name, value in vars(module).items() if name.startswith("test_")]
    functions = [value for value in named if isinstance(value, FunctionType) and value.__module__ == module.__name__]
    if len(functions) != 1:
        raise ValueError(f"a check is one function named test_...; this file has {len(functions)}")
    return functions[0]


def _marks(owner: object) -> list[Mark]:
    marks = getattr(owner, "pytestmark", [])
    return list(marks) if isinstance(marks, list | tuple) else [marks]


def _cases(check: str, of_module: list[Mark], of_function: list[Mark]) -> Iterator[Case]:
    tables = [_rows(mark) for mark in of_function if mark.name == "parametrize"]
    for rows in itertools.product(*tables):
        identifier = "-".join(row.id for row in rows)
        # The closest mark comes first.
        marks = [*(mark for row in rows for mark in row.marks), *of_function, *of_module]
        lanes = tuple(lane for lane in LANES if any(mark.name == lane for mark in marks))
        if not lanes:
            raise ValueError(f"[{identifier}] is in no lane: mark it with one of {', '.join(LANES)}")
        yield Case(
            id=f"{check}[{identifier}]" if rows else check,
            severity=_severity(marks),
            runbook=_runbook(marks),
            lanes=lanes,
        )


def _severity(marks: list[Mark]) -> str:
    for mark in marks:
        if mark.name == "severity":
            return str(mark.args[0])
    raise ValueError("it has no severity: mark it critical, high or low")


def _runbook(marks: list[Mark]) -> tuple[str, ...]:
    entries = tuple(dict.fromkeys(str(entry) for mark in marks if mark.name == "runbook" for entry in mark.args))
    if not entries:
        raise ValueError('it belongs to no runbook entry: mark it runbook("RLS-1"), say')
    return entries


def _rows(mark: Mark) -> list[Row]:
    named = dict(zip(("argnames", "argvalues"), mark.args, strict=False)) | dict(mark.kwargs)
    names = named["argnames"]
    names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    ids = named.get("ids")
    given = [None] * len(named["argvalues"]) if ids is None or callable(ids) else list(ids)
    name_value = ids if callable(ids) else None
    rows = enumerate(zip(named["argvalues"], given, strict=True))
    return [_row(value, own_id, names, number, name_value) for number, (value, own_id) in rows]


def _row(value: Any, given: Any, names: list[str], number: int, name_value: Callable[[Any], Any] | None) -> Row:
    """A parameter set. pytest.param(...) is a tuple with values, marks and id."""
    values = getattr(value, "values", None) if hasattr(value, "marks") else None
    marks = tuple(value.marks) if hasattr(value, "marks") else ()
    own_id = getattr(value, "id", None) if hasattr(value, "marks") else None
    if values is None:
        values = (value,) if len(names) == 1 else tuple(value)
    if isinstance(own_id, str) or given is not None:
        return Row(own_id if isinstance(own_id, str) else str(given), marks)
    return Row("-".join(_automatic(names, values, number, name_value)), marks)


def _automatic(
    names: list[str], values: Iterable[Any], number: int, name_value: Callable[[Any], Any] | None
) -> Iterator[str]:
    """The ids that pytest makes up: plain values as they are, others by argument and position."""
    for name, value in zip(names, values, strict=True):
        own = name_value(value) if name_value else None
        if own is not None:
            yield str(own)
        elif value is None or isinstance(value, str | int | float | bool):
            yield str(value)
        else:
            yield f"{name}{number}"
