"""``verdicts.json``: the whole report, for machines."""

from pathlib import Path

import msgspec

from reports.atomic_file import replace_file
from reports.plain_text import encodable_values, unsteered
from reports.verdicts import Report

NAME = "verdicts.json"


def write_json(report: Report, directory: Path) -> Path:
    """Write ``verdicts.json``, as `reports/verdicts.schema.json` describes it.

    Raises:
        OSError: the directory cannot be written to.
    """
    text = msgspec.json.format(_encoded(report), indent=2).decode() + "\n"
    return replace_file(directory / NAME, unsteered(text).encode())


def _encoded(report: Report) -> bytes:
    try:
        return msgspec.json.encode(report, enc_hook=_type_name)
    except UnicodeEncodeError:  # a lone surrogate, from somebody's "\ud800"
        return msgspec.json.encode(encodable_values(msgspec.to_builtins(report, enc_hook=_type_name)))


def _type_name(value: object) -> str:
    """Evidence that JSON cannot express: its type only, since its text may hold anything."""
    return f"<{type(value).__name__}>"
