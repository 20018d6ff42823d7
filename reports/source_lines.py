"""Lines of the application's files that a finding is about, where its facts count them otherwise."""

import re
from pathlib import Path

LARGEST = 4 * 1024 * 1024
"""Bytes of a file that are looked through."""


def line_of_body(checkout: Path | None, path: str, function: str, line: int) -> int:
    """The line of a file at which the body of the SQL function ``schema.name(types)`` has its line `line`.

    Postgres counts a body's lines from its opening quotes. Where the body cannot be found: the line of its CREATE,
    else 1.
    """
    text = _text(checkout, path)
    name = function.partition("(")[0].rpartition(".")[2].strip('"')
    made = [*re.finditer(rf'\bfunction\s+(?:[\w"]+\s*\.\s*)?"?{re.escape(name)}"?\s*\(', text, re.IGNORECASE)]
    if not made:
        return 1
    opened = re.compile(r"\bas\s+\$\w*\$", re.IGNORECASE).search(text, made[-1].end())
    if opened is None:
        return text.count("\n", 0, made[-1].start()) + 1
    return text.count("\n", 0, opened.end()) + line


def line_in_config(checkout: Path | None, function: str) -> int:
    """The line of supabase/config.toml that begins what it says of an Edge Function; 1 when it says nothing."""
    text = _text(checkout, "supabase/config.toml")
    table = re.search(rf'^[ \t]*\[functions\.(["\']?){re.escape(function)}\1\]', text, re.MULTILINE)
    return text.count("\n", 0, table.start()) + 1 if table else 1


def _text(checkout: Path | None, path: str) -> str:
    if checkout is None:
        return ""
    try:
        with (checkout / path).open("rb") as file:
            return file.read(LARGEST).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""
