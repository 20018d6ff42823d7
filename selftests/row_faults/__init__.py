"""The catalogue of row-security faults: each is put alone into the healthy schema of `selftests.tenant_schema`."""

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

FOLDER = Path(__file__).parent
TRUTH = FOLDER / "truth.sql"
"""Two tenants in use, and the functions that witnesses are written with."""

Class = Literal["read", "write", "escalation", "bypass", "grant", "platform", "avail", "perf", "hygiene", "oracle"]
Sight = Literal["reading", "trying"]


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"kind": "class"}):
    """One fault, and what proves that it is one."""

    kind: Class
    fault: str
    subject: list[str]
    """Where a finding must be: at any of these."""
    seen_by: list[Sight]
    """What sees it: reading the catalog, trying, or either."""
    unseen_by: list[Sight] = []
    """What could see it and does not yet."""
    shows: str
    """A condition that holds with the fault, and neither without it nor with the good twin."""
    bad: str
    good: str = ""
    """What looks like it and is none; nothing may be found in it."""
    undo: str = ""
    """For what does not go with the database."""


def rows() -> dict[str, Row]:
    """Every fault by its name. Raises msgspec.ValidationError: a row is wrong."""
    files = sorted(FOLDER.glob("*.toml"))
    found = [msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), dict[str, Row]) for file in files]
    return {name: row for part in found for name, row in part.items()}
