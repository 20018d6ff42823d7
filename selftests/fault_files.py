"""Writes the exact sets of cases into the rows of sandbox/faults/*.toml, as short as a person would write them."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

WIDTH = 118
WORTH_A_NAME = 4
"""Of so many cases on a set, or a pattern for all cases that begin alike, is shorter to read than the cases."""


class NoSuchRow(LookupError):
    """No file has this row; the message names it."""


def rewritten(text: str, row: str, lists: Mapping[str, Sequence[str]]) -> str:
    """A file's text with these lists of one row (``violates`` and ``blinds``) replaced, all else as it was.

    Raises:
        NoSuchRow: the text has no table of this name, or the table lacks one of the lists.
    """
    head = re.search(rf"^\[{re.escape(row)}\]$", text, re.MULTILINE)
    if head is None:
        raise NoSuchRow(f"there is no [{row}]")
    end = re.compile(r"^\[", re.MULTILINE).search(text, head.end())
    stop = end.start() if end else len(text)
    body = text[head.end() : stop]
    for key, names in lists.items():
        body, count = re.subn(rf"(?m)^{key}\s*=\s*\[[^=]*?\]$", _list(key, names), body, count=1)
        if not count:
            raise NoSuchRow(f"[{row}] has no list {key}")
    return text[: head.end()] + body + text[stop:]


def file_of(row: str, folder: Path) -> Path:
    """The file that has this row. Raises NoSuchRow."""
    for file in sorted(folder.glob("*.toml")):
        if row in tomllib.loads(file.read_text(encoding="utf-8")):
            return file
    raise NoSuchRow(f"no file of {folder} has [{row}]")


def shortest(
    cases: Collection[str],
    written: Sequence[str],
    sets: Mapping[str, Collection[str]],
    manifest: Collection[str],
) -> list[str]:
    """The same cases by names of sets (``@tried``) and patterns (``no_drift[*]``), those that were `written` first."""
    names: list[str] = []
    left = set(cases)
    in_order = sorted(sets, key=lambda name: (f"@{name}" not in written, -len(sets[name])))
    for name in in_order:
        is_worth_it = f"@{name}" in written or len(sets[name]) >= WORTH_A_NAME
        if is_worth_it and set(sets[name]) <= set(cases) and set(sets[name]) & left:
            names.append(f"@{name}")
            left -= set(sets[name])
    for beginning in _beginnings(manifest):
        alike = {case for case in manifest if case.startswith(beginning)}
        if len(alike) >= WORTH_A_NAME and alike <= left:
            names.append(f"{beginning}*]")
            left -= alike
    kept = [name for name in written if name in left]
    return [*names, *kept, *sorted(left.difference(kept))]


def _beginnings(manifest: Collection[str]) -> list[str]:
    """``check[`` and, where cases are of a kind, ``check[environment-``; the longer reach first."""
    checks = {case.partition("[")[0] + "[" for case in manifest if "[" in case}
    kinds = {found[0] for case in manifest if (found := re.match(r"\w+\[(?:environment|replayed)-", case))}
    return [*sorted(checks), *sorted(kinds)]


def _list(key: str, names: Sequence[str]) -> str:
    begins = f"{key:<8} = ["
    line = f"{begins}{', '.join(_quoted(name) for name in names)}]"
    if len(line) <= WIDTH:
        return line
    lines = [begins, "   "]
    for name in names:
        word = f" {_quoted(name)},"
        if len(lines[-1]) + len(word) > WIDTH:
            lines.append("   ")
        lines[-1] += word
    return "\n".join([*lines, "]"])


def _quoted(name: str) -> str:
    return f'"{name}"'
