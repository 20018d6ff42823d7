"""What GitHub's code scanning knows a finding's line by when others move: a hash of what stands there.

The one that its upload-sarif action adds to a file that has none (`primaryLocationLineHash`), and its API does not: of
100 characters from the line's begin, blanks left out, over line ends, as a polynomial of 37 modulo 2**64; and how many
equal ones there are up to that line. Read in github/codeql-action, src/fingerprints.ts.
"""

from array import array
from pathlib import Path

LONGEST = 1024 * 1024
"""Bytes: larger files are left to whoever uploads."""
_BLOCK = 100
_BASE = 37
_WRAP = 2**64
_LF = 0x0A
_END = 0xFFFF


def line_hashes(text: str) -> list[str]:
    """``8b7cf3e952e7aeb2:1`` for each line; one ends with LF, CR or both."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    units = array("H", plain.encode("utf-16-le", "replace"))  # as JavaScript counts characters
    begins = [0, *(place + 1 for place, unit in enumerate(units) if unit == _LF)]
    units.append(_END)
    units.extend([0] * _BLOCK)
    found: list[str] = []
    seen: dict[int, int] = {}
    for begin in begins:
        value = 0
        for unit in units[begin : begin + _BLOCK]:
            value = (value * _BASE + unit) % _WRAP
        seen[value] = seen.get(value, 0) + 1
        found.append(f"{value:x}:{seen[value]}")
    return found


def hashes_of(path: Path) -> list[str]:
    """The hashes of a file's lines; none when it is large or cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
    except (OSError, ValueError):
        return []
    return line_hashes(content.decode("utf-8", "replace")) if len(content) <= LONGEST else []
