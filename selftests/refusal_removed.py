"""A plugin of pytest's (`-p selftests.refusal_removed --without=FILE:LINE`): a run without one `raise Unobservable`.

The functions that have it are given the code that they would have without; nothing on disk is changed.
"""

import ast
import gc
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from selftests.voyage import HOUSE

Place = tuple[str, int]
"""What a function is called within its module, and its first line."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The refusal."""
    parser.addoption("--without", metavar="FILE:LINE", help="a raise Unobservable, relative to the house")


def pytest_collection_modifyitems(config: pytest.Config) -> None:
    """Before anything is looked at, when every door is open."""
    file, _, line = str(config.getoption("--without")).rpartition(":")
    if not put_without(HOUSE / file, int(line)):
        raise pytest.UsageError(f"no function that is there has a refusal in {file}, line {line}")


def put_without(path: Path, line: int) -> int:
    """Give every function of the file its code without the refusal in this line. Returns how many differ."""
    before = _codes(compile(path.read_text(encoding="utf-8"), path, "exec"))
    after = _codes(compile(without(path.read_text(encoding="utf-8"), line), path, "exec"))
    changed = {place: code for place, code in after.items() if code != before[place]}
    there = [one for one in gc.get_objects() if isinstance(one, FunctionType) and one.__code__.co_filename == str(path)]
    found = [(one, changed[_place(one.__code__)]) for one in there if _place(one.__code__) in changed]
    for function, code in found:
        function.__code__ = code
    return len(found)


def without(source: str, line: int) -> ast.Module:
    """The source without the raise whose exception is made in this line. Raises LookupError when there is none."""
    tree = ast.parse(source)
    for holder in ast.walk(tree):
        for body in (value for _, value in ast.iter_fields(holder) if isinstance(value, list)):
            for index, node in enumerate(body):
                if isinstance(node, ast.Raise) and node.exc and node.exc.lineno == line:
                    body[index] = ast.copy_location(ast.Pass(), node)
                    return tree
    raise LookupError(f"line {line} raises nothing")


def _codes(module: CodeType) -> dict[Place, CodeType]:
    return {_place(code): code for code in _within(module)}


def _within(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _within(constant)


def _place(code: CodeType) -> Place:
    return code.co_qualname, code.co_firstlineno
