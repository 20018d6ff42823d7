"""Text from outside in GitHub Flavored Markdown: it is read as it stands, and means nothing.

Prose is escaped; what should be copied stands in ``<pre>``, where Markdown, mentions and links are not read
(CommonMark 0.31, 4.6, HTML blocks of kind 1).
"""

import html
import re
from collections.abc import Iterable, Iterator

from reports.plain_text import cut, one_line, printable
from reports.verdicts import Word

ICONS: dict[Word, str] = {"GO": "✅", "HOLD": "🛑", "CANNOT SEE": "🌫️"}
LONGEST = 2_000
"""Characters of one text."""
# Everywhere; at the start of a line; in a link that GitHub would make by itself; in the number of a list's row.
_MEANINGFUL = re.compile(r"[\\`*_\[\]<>&|~#$@]|^[-+=]|:(?=//)|(?<=[wW]{3})\.|(?<=\d)[.)](?= |$)")


def prose(text: str, longest: int = LONGEST) -> str:
    """Text of which no sign means anything: Markdown escaped, mentions and issue links broken up; on one line."""
    escaped = _MEANINGFUL.sub(r"\\\g<0>", one_line(text, longest))
    # GitHub looks for @name and #1 after the escapes are gone; a word joiner (invisible) keeps them apart.
    return re.sub("[@#]", "\\g<0>\u2060", escaped)


def code(text: str, longest: int = LONGEST) -> str:
    """An inline code span, fenced by more backticks than it holds."""
    line = one_line(text, longest) or " "
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def pre(title: str, text: str, longest: int = LONGEST * 6) -> list[str]:
    """A block that is shown as it is, below its title in bold; nothing when there is no text."""
    if not text.strip():
        return []
    inner = html.escape(cut(printable(text).strip("\n"), longest), quote=False)
    return [*([f"**{title}**\n"] if title else []), f"<pre>{inner}</pre>\n"]


def fitting(parts: Iterable[str], size: int) -> tuple[str, int]:
    """As many of the first parts as fit into `size` bytes, one below the other, and how many were left out."""
    kept: list[str] = []
    left_out = 0
    for part in parts:
        size -= len(part.encode()) + 1
        if size < 0:
            left_out += 1
        else:
            kept.append(part)
    return "\n".join(kept), left_out


def rest_of(number: int, what: str) -> Iterator[str]:
    """``and 3 more subjects, see verdicts.json``, when there is a rest."""
    if number > 0:
        yield f"and {number} {'' if what == 'more' else 'more '}{what}, see verdicts.json"
