"""Workflow commands as GitHub's runner understands them, written after its sources (Runner.Common/ActionCommand.cs and
Runner.Worker/ActionCommandManager.cs): for the self-tests of what is printed to it."""

import re
from collections.abc import Iterable

from msgspec import Struct

KNOWN = {
    "error", "warning", "notice", "debug", "group", "endgroup", "echo", "add-mask", "add-matcher", "remove-matcher",
    "set-env", "set-output", "save-state", "add-path", "stop-commands",
}  # fmt: skip
IN_DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
IN_PROPERTIES = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))
IN_OLD = (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%25", "%"))


class Command(Struct, frozen=True):
    """What the runner obeys. Names of properties are in lower case."""

    name: str
    properties: dict[str, str]
    data: str


def obeyed(lines: Iterable[str]) -> list[Command]:
    """The commands in what a step prints, but for those that stop and resume."""
    known, token = set(KNOWN), None
    found = []
    for line in (piece for text in lines for piece in re.split("\r\n|\r|\n", text)):
        command = _new(line, known) or _old(line, known)
        if command is None:
            continue
        if token is not None:
            if command.name == token:
                known.discard(token)
                token = None
        elif command.name == "stop-commands":
            assert command.data and command.data not in known, "the runner refuses such a token"
            token = command.data.lower()
            known.add(token)
        else:
            found.append(command)
    return found


def _new(line: str, known: set[str]) -> Command | None:
    """``::name key=value,key=value::data``, at the start of a line."""
    line = line.lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, rest = line[2:end].partition(" ")
    return _made(name, rest.strip().split(","), line[end + 2 :], known, IN_PROPERTIES, IN_DATA)


def _old(line: str, known: set[str]) -> Command | None:
    """``##[name key=value;key=value]data``, anywhere in a line."""
    begin = line.find("##[")
    end = line.find("]", begin)
    if begin < 0 or end < 0:
        return None
    name, _, rest = line[begin + 3 : end].partition(" ")
    return _made(name, rest.split(";"), line[end + 1 :], known, IN_OLD, IN_OLD)


Escapes = tuple[tuple[str, str], ...]


def _made(name: str, rows: list[str], data: str, known: set[str], of_rows: Escapes, of_data: Escapes) -> Command | None:
    if name.lower() not in known:
        return None
    pairs = [[part for part in row.split("=", 1) if part] for row in rows]
    properties = {pair[0].lower(): _unescaped(pair[1], of_rows) for pair in pairs if len(pair) == 2}
    return Command(name.lower(), properties, _unescaped(data, of_data))


def _unescaped(text: str, escapes: Escapes) -> str:
    for escaped, sign in escapes:
        text = text.replace(escaped, sign)
    return text
