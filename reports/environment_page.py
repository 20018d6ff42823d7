"""``docs/environment.md``, from the doors' settings: ``python -m reports.environment_page``; ``--check`` compares."""

import ast
import importlib
import inspect
import itertools
import sys
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from fixtures import Secret, Variable
from fixtures.engine import door_names
from fixtures.engine.environment import Heading, Waiver
from fixtures.engine.registry import REGISTRY
from reports.atomic_file import replace_file

ROOT = Path(__file__).parent.parent
NAME = "docs/environment.md"
HEAD = """# The environment file

One TOML an environment: where to look, what may be done there, what is declared, what is accepted. It lies in
`fixtures/environments/`, in the application's checkout as `seatrial/NAME.toml`, or anywhere (`--env-file FILE`).
Every key below `[environment]` belongs to one provider. A table that is missing makes the checks that need it blind,
unless `[inapplicable]` says why there is nothing to look at. A key that is misspelt is an error with its line.

A *secret* is named and never held: `{ env = "NAME" }`. An *address* is written out or named the same way.

Made from the settings in `fixtures/` by `make runbook`; edit them, not this page.
"""
WORDS: dict[Any, str] = {
    str: "text", int: "whole number", float: "number", bool: "true or false", Secret: "secret", Variable: "address",
}  # fmt: skip


def page() -> str:
    """The page, as it is committed: it depends on the doors only."""
    for door in door_names():
        importlib.import_module(door)
    lines = [HEAD, *_section("[environment]", Heading), *_section("[[waiver]]", Waiver)]
    for name, settings in sorted(REGISTRY.providers.items()):
        lines += _section(f"[{name}]", settings)
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check`` only compare it. Returns the exit code."""
    text, place = page(), ROOT / NAME
    if "--check" not in arguments:
        replace_file(place, text.encode())
    elif not place.is_file() or place.read_text(encoding="utf-8") != text:
        print(f"{NAME} is not what the settings say. Run: make runbook", file=sys.stderr)
        return 1
    return 0


def _section(title: str, settings: type[msgspec.Struct]) -> Iterator[str]:
    yield from (f"## {title}", "", _said(settings), "")
    if not msgspec.structs.fields(settings):
        return
    yield from ("| key | takes | without it |", "|---|---|---|", *_rows(settings), "")
    for name, inner in _inner(settings):
        yield from (f"`{name}`: {_said(inner)}", "", "| key | takes | without it |", "|---|---|---|", *_rows(inner), "")


def _said(settings: type[msgspec.Struct]) -> str:
    said = inspect.getdoc(settings) or ""
    return "\n".join(line.strip() for line in said.splitlines())


def _rows(settings: type[msgspec.Struct]) -> Iterator[str]:
    meanings = _meanings(settings)
    for field in msgspec.structs.fields(settings):
        takes = ": ".join(filter(None, (_takes(field.type), meanings.get(field.name, ""))))
        yield f"| `{field.name}` | {_cell(takes)} | {_cell(_default(field))} |"


def _meanings(settings: type[msgspec.Struct]) -> dict[str, str]:
    """The texts that stand below fields, by name: Python does not keep them."""
    [struct] = ast.parse(inspect.getsource(settings)).body
    assert isinstance(struct, ast.ClassDef)
    return {
        field.target.id: " ".join(str(said.value.value).split()).rstrip(".")
        for field, said in itertools.pairwise(struct.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        and isinstance(said, ast.Expr) and isinstance(said.value, ast.Constant)
    }  # fmt: skip


def _inner(settings: type[msgspec.Struct]) -> Iterator[tuple[str, type[msgspec.Struct]]]:
    """The tables in it, by the key that holds them."""
    for field in msgspec.structs.fields(settings):
        for kind in (field.type, *typing.get_args(field.type)):
            if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
                yield field.name, kind


def _takes(kind: Any) -> str:
    """A type in words: ``list of text``."""
    if kind in WORDS:
        return WORDS[kind]
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _takes(inside[0])
    if origin is typing.Literal:
        return ", ".join(f"`{one}`" for one in inside)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(_takes(one) for one in inside if one is not type(None)))
    if origin in (tuple, list):
        return f"list of {_takes(inside[0])}"
    if origin is dict:
        return f"table of {_takes(inside[1])}, by name"
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return "table, see below"
    return str(getattr(kind, "__name__", kind))


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "*required*"
    made = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    if isinstance(made, Variable):
        return f"`{made.value}`"
    if isinstance(made, msgspec.Struct):
        return "its own defaults"
    return f"`{msgspec.json.encode(made).decode()}`" if made not in (None, (), {}, "") else ""


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
