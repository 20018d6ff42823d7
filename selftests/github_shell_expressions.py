"""GitHub's expressions, as far as the workflows here use them: `${{ a.b == 'c' && always() || '' }}`.

After "Evaluate expressions in workflows and actions" of GitHub's documentation: texts are compared without regard to
case, `&&` and `||` give one of their sides, and what is not there is empty. Anything unknown is an error of the test.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<sign>==|!=|&&|\|\||[!()\[\].,]))"
)
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
STATUS = re.compile(r"\b(always|success|failure|cancelled)\s*\(")
WORDS: Mapping[str, object] = {"true": True, "false": False, "null": None}
Functions = Mapping[str, Callable[..., Any]]


class Unknown(Exception):
    """An expression that this interpreter does not know."""


class Known(dict[str, Any]):
    """A context of which every name is known: another one is misspelt, and no empty text as at GitHub."""

    def __missing__(self, key: str) -> Any:
        raise Unknown(f"{key} is none of {', '.join(self)}")


def evaluate(text: str, contexts: Mapping[str, Any], functions: Functions) -> Any:
    """The value of what stands between the braces.

    Raises:
        Unknown: not an expression, or one that names an unknown context or function.
    """
    reader = _Reader(_tokens(text), contexts, {**PLAIN, **functions})
    value = reader.either()
    if reader.left():
        raise Unknown(f"{text!r}: {reader.left()} is left over")
    return value


def fill(value: Any, contexts: Mapping[str, Any], functions: Functions) -> Any:
    """A value of a workflow file with its expressions evaluated; one that is nothing else keeps its type."""
    if not isinstance(value, str):
        return value
    alone = EXPRESSION.match(value)
    if alone and alone.end() == len(value):
        return evaluate(alone[1], contexts, functions)
    return EXPRESSION.sub(lambda found: shown(evaluate(found[1], contexts, functions)), value)


def holds(condition: object, contexts: Mapping[str, Any], functions: Functions) -> bool:
    """What an `if:` says: without a function of the status in it, only after success."""
    text = str(condition).strip()
    text = text.removeprefix("${{").removesuffix("}}")
    if not STATUS.search(text) and not functions["success"]():
        return False
    return truth(evaluate(text, contexts, functions))


def truth(value: Any) -> bool:
    """Whether GitHub takes a value for true."""
    return value not in (None, False, 0, "")


def shown(value: Any) -> str:
    """A value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, dict | list) else str(value)


def _formatted(pattern: str, *values: Any) -> str:
    return re.sub(r"\{(\d+)\}", lambda found: shown(values[int(found[1])]), pattern)


PLAIN: Functions = {
    "format": _formatted,
    "fromJSON": json.loads,
    "toJSON": json.dumps,
    "startsWith": lambda text, start: shown(text).lower().startswith(shown(start).lower()),
    "contains": lambda among, one: (
        shown(one).lower() in map(str.lower, map(shown, among))
        if isinstance(among, list)
        else shown(one).lower() in shown(among).lower()
    ),
}


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise Unknown(f"{text!r} at {position}")
        found.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return found


class _Reader:
    """Reads by descent: either, both, compared, negated, one."""

    def __init__(self, tokens: list[tuple[str, str]], contexts: Mapping[str, Any], functions: Functions) -> None:
        self._tokens = tokens
        self._contexts = contexts
        self._functions = functions

    def left(self) -> list[tuple[str, str]]:
        return self._tokens

    def either(self) -> Any:
        value = self._both()
        while self._takes("||"):
            other = self._both()
            value = value if truth(value) else other
        return value

    def _both(self) -> Any:
        value = self._compared()
        while self._takes("&&"):
            other = self._compared()
            value = other if truth(value) else value
        return value

    def _compared(self) -> Any:
        value = self._negated()
        for sign in ("==", "!="):
            if self._takes(sign):
                return _same(value, self._negated()) == (sign == "==")
        return value

    def _negated(self) -> Any:
        return not truth(self._negated()) if self._takes("!") else self._one()

    def _one(self) -> Any:
        kind, text = self._tokens.pop(0)
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return float(text)
        if (kind, text) == ("sign", "("):
            value = self.either()
            self._needs(")")
            return value
        if kind != "name":
            raise Unknown(f"unexpected {text}")
        return (
            WORDS[text] if text in WORDS else self._parts(self._call(text) if self._takes("(") else self._named(text))
        )

    def _named(self, name: str) -> Any:
        if name not in self._contexts:
            raise Unknown(f"there is no context {name} here")
        return self._contexts[name]

    def _call(self, name: str) -> Any:
        values: list[Any] = []
        while not self._takes(")"):
            values.append(self.either())
            self._takes(",")
        if name not in self._functions:
            raise Unknown(f"there is no function {name} here")
        return self._functions[name](*values)

    def _parts(self, value: Any) -> Any:
        while self._tokens and self._tokens[0] in (("sign", "."), ("sign", "[")):
            key = self._tokens.pop(0)[1] if self._takes(".") else self._index()
            value = value[key] if isinstance(value, Known) else value.get(key) if isinstance(value, Mapping) else None
        return value

    def _index(self) -> str:
        self._needs("[")
        key = shown(self.either())
        self._needs("]")
        return key

    def _takes(self, sign: str) -> bool:
        if self._tokens and self._tokens[0] == ("sign", sign):
            self._tokens.pop(0)
            return True
        return False

    def _needs(self, sign: str) -> None:
        if not self._takes(sign):
            raise Unknown(f"{sign} is missing before {self._tokens[:1]}")


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    return bool((one or "") == (other or "")) if None in (one, other) else bool(one == other)
