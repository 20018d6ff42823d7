"""Text from outside made harmless: what a database or a web server answers must not steer a terminal or a log."""

import re
from typing import Any

# CSI and OSC sequences go as a whole: without its ESC, "[31m" would stay behind as litter.
_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f]")
# DEL and C1 controls; direction marks, which reorder what a reader sees; line and paragraph separators.
STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def printable(text: str) -> str:
    """The text without terminal sequences, control characters and direction marks; line ends stay, as ``\\n``."""
    text = text.replace("\r\n", "\n").replace("\t", " ")
    text = _CONTROLS.sub("", _SEQUENCES.sub("", text))
    return encodable(STEERING.sub("", text))


def one_line(text: str, limit: int | None = None) -> str:
    """The printable text on one line, cut to `limit` characters."""
    line = " ".join(printable(text).split())
    return line if limit is None else cut(line, limit)


def cut(text: str, limit: int) -> str:
    """The text, or its first `limit` characters, the last of them an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def encodable(text: str) -> str:
    """The text with U+FFFD for lone surrogates, which JSON can carry but UTF-8 cannot."""
    return _SURROGATES.sub("\ufffd", text)


def encodable_values(value: Any) -> Any:
    """The same for every text in plain values (what JSON can express), names included."""
    match value:
        case str():
            return encodable(value)
        case dict():
            return {encodable_values(key): encodable_values(item) for key, item in value.items()}
        case list() | tuple():
            return [encodable_values(item) for item in value]
    return value


def unsteered(text: str) -> str:
    """JSON in which nothing steers a terminal that shows it: JSON itself escapes the other control characters."""
    return STEERING.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def joined(words: tuple[str, ...] | list[str], limit: int) -> str:
    """The first `limit` of the words, and how many more there are: ``a, b and 3 more``."""
    rest = len(words) - limit
    shown = ", ".join(words[:limit])
    return f"{shown} and {rest} more" if rest > 0 else shown


def listed(names: tuple[str, ...] | list[str], limit: int, longest: int = 200) -> list[str]:
    """The first `limit` of the names, each on one line and cut, and how many more there are."""
    rest = len(names) - limit
    shown = [one_line(name, longest) for name in names[:limit]]
    return shown + ([f"and {rest} more, see verdicts.json"] if rest > 0 else [])
