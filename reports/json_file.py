"""``verdicts.json``: the whole report, for machines."""

from pathlib import Path
from typing import Any

import msgspec

from reports.atomic_file import replace_file
from reports.plain_text import STEERING, encodable
from reports.verdicts import Report

NAME = "verdicts.json"


def write_json(report: Report, directory: Path) -> Path:
    """Write ``verdicts.json``, as `reports/verdicts.schema.json` describes it.

    Raises:
        OSError: the directory cannot be written to.
    """
    text = msgspec.json.format(_encoded(report), indent=2).decode() + "\n"
    # Showing the file on a terminal must not steer it: JSON escapes the other control characters by itself.
    return replace_file(directory / NAME, STEERING.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text).encode())


def _encoded(report: Report) -> bytes:
    try:
        return msgspec.json.encode(report, enc_hook=_type_name)
    except UnicodeEncodeError:  # a lone surrogate, from somebody's "\ud800"
        return msgspec.json.encode(_cleaned(msgspec.to_builtins(report, enc_hook=_type_name)))


def _type_name(value: object) -> str:
    """Evidence that JSON cannot express: its type only, since its text may hold anything."""
    return f"<{type(value).__name__}>"


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            return encodable(value)
        case dict():
            return {_cleaned(key): _cleaned(item) for key, item in value.items()}
        case list() | tuple():
            return [_cleaned(item) for item in value]
    return value
