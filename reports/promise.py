"""A check's docstring: the promise, and the runbook text that belongs to it."""

import inspect
import itertools
import re

from msgspec import Struct

PARTS = ("Means", "Confirm", "Contain", "Fix")
_PART = re.compile(rf"({'|'.join(PARTS)}):(.*)")


class Promise(Struct, frozen=True, kw_only=True):
    """What a check promises, and what to do when the promise is broken. Line ends within a part are kept."""

    promise: str
    means: str
    confirm: str
    contain: str
    fix: str


def parse(docstring: str | None) -> Promise:
    """Read a docstring: the promise, an empty line, then ``Means:``, ``Confirm:``, ``Contain:`` and ``Fix:``.

    The promise may take several lines. A part begins at the margin; its further lines are indented.

    Raises:
        ValueError: a part is missing, empty, unknown or there twice. The message names it.
    """
    lines = inspect.cleandoc(docstring or "").splitlines()
    head = list(itertools.takewhile(lambda line: line.strip() and not _PART.match(line), lines))
    if not head:
        raise ValueError("the promise is missing: the docstring begins with one sentence that is true when all is well")
    parts = _parts(lines[len(head) :])
    for name in PARTS:
        if not parts.get(name):
            raise ValueError(f'"{name}:" is missing from the docstring, or empty')
    texts = {name.lower(): parts[name] for name in PARTS}
    return Promise(promise=" ".join(" ".join(head).split()), **texts)


def _parts(lines: list[str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    part: list[str] | None = None
    for line in lines:
        if begins := _PART.match(line):
            part = _begun(found, begins[1], begins[2])
        elif part is not None and (not line.strip() or line[0].isspace()):
            part.append(line)
        elif line.strip():
            raise ValueError(f'"{line.strip()}" belongs to no part: indent it, or begin it with {_choices()}')
    return {name: _text(texts) for name, texts in found.items()}


def _begun(found: dict[str, list[str]], name: str, text: str) -> list[str]:
    if name in found:
        raise ValueError(f'"{name}:" is there twice in the docstring')
    found[name] = [text]
    return found[name]


def _text(lines: list[str]) -> str:
    """The part's lines without their common indentation."""
    first, further = lines[0].strip(), inspect.cleandoc("\n".join(["", *lines[1:]]))
    return f"{first}\n{further}".strip()


def _choices() -> str:
    return ", ".join(f"{name}:" for name in PARTS)
