"""What a check would be with one thing wrong in it: mutants, made from its source.

Of each `raise Finding`: the raise removed, its condition inverted, its condition always true. Of all else that decides:
an operand of `and` and `or` left out, a comparison turned or moved by one, a `not` or a filter dropped. What a finding
says (in the raise, and in what stands before it under its condition) is not touched: no outcome depends on it.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
RAISES = ("removed", "inverted", "always")
"""Kinds of mutants that are about a `raise` as a whole."""


@dataclass(frozen=True)
class Mutant:
    """One thing wrong. `was` and `now` are Python, `code` is the whole module's."""

    file: str
    line: int
    column: int
    kind: str
    was: str
    now: str
    code: CodeType

    @property
    def name(self) -> str:
        """Short, and unlike every other of its file: ``checks/health/dns_answers.py:23:8 removed: raise Finding(…``."""
        return f"{self.file}:{self.line}:{self.column} {self.change}"

    @property
    def change(self) -> str:
        """What was changed, wherever in its file: ``comparison: took > allowed -> took >= allowed``."""
        return f"{self.kind}: {self.was} -> {self.now}"


@dataclass(frozen=True)
class Place:
    """Where a node stands: in a field of its holder, at `index` when that is a list."""

    holder: Any
    field: str
    index: int | None
    node: Any

    def put(self, node: ast.AST) -> None:
        """Let `node` stand here."""
        if self.index is None:
            setattr(self.holder, self.field, node)
        else:
            getattr(self.holder, self.field)[self.index] = node


def mutants_of(source: str, file: str) -> list[Mutant]:
    """All mutants of a check's source, in the order of its lines. `file` is relative to the house."""
    tree = ast.parse(source)
    found = [
        _mutant(tree, file, place, kind, new)
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        for place in _places(function)
        for kind, new in _changes(place)
    ]
    return sorted(found, key=lambda mutant: (mutant.line, mutant.column))


def _mutant(tree: ast.Module, file: str, place: Place, kind: str, new: ast.AST) -> Mutant:
    node = place.node
    was, now = _shown(node), _shown(new)
    place.put(ast.copy_location(new, node))
    try:
        code = compile(ast.fix_missing_locations(tree), file, "exec")
    finally:
        place.put(node)
    return Mutant(file, node.lineno, node.col_offset, kind, was, now, code)


def _places(function: ast.FunctionDef) -> Iterator[Place]:
    """All that decides: the body, without what is said in a raise, or put together to be said there."""
    waiting = [Place(function, "body", index, node) for index, node in enumerate(function.body)]
    while waiting:
        place = waiting.pop()
        if not _is_text(place.node):
            yield place
            waiting += [] if isinstance(place.node, ast.Raise) else _within(place.node)


def _within(node: ast.AST) -> Iterator[Place]:
    is_said = isinstance(node, ast.If) and _raises(node)
    for field, value in ast.iter_fields(node):
        for index, one in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(one, ast.Raise) or (isinstance(one, ast.AST) and not (is_said and field == "body")):
                yield Place(node, field, index, one)


def _changes(place: Place) -> Iterator[tuple[str, ast.AST]]:
    node, holder = place.node, place.holder
    if isinstance(node, ast.Raise):
        yield "removed", ast.Pass()
    elif isinstance(holder, ast.If) and place.field == "test" and _raises(holder):
        yield "inverted", ast.UnaryOp(ast.Not(), node)
        yield "always", ast.Constant(True)
    if isinstance(holder, ast.comprehension) and place.field == "ifs":
        yield "filter", ast.Constant(True)
    if isinstance(node, ast.BoolOp):
        for left_out in node.values:
            if not _is_text(left_out):  # what is true without a text is also true with it
                yield "operand", _without(node, left_out)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield "comparison", ast.Compare(node.left, [TURNED[type(node.ops[0])]()], node.comparators)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not", node.operand
    elif isinstance(node, ast.IfExp):
        yield "choice", node.body
        yield "choice", node.orelse


def _is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_text(node.body) or _is_text(node.orelse)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _raises(branch: ast.If) -> bool:
    return any(isinstance(node, ast.Raise) for node in branch.body)


def _without(node: ast.BoolOp, left_out: ast.expr) -> ast.expr:
    kept = [value for value in node.values if value is not left_out]
    return kept[0] if len(kept) == 1 else ast.BoolOp(node.op, kept)


def _shown(node: ast.AST) -> str:
    """In one line, and not long."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 100 else text[:99] + "…"
