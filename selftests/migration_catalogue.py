"""The catalogue of migration faults (migration_faults/*.toml), and the application that they are tried on."""

import shutil
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

FOLDER = Path(__file__).parent / "migration_faults"
APP = FOLDER / "app"
"""Harbour: six sound migrations, a seed, and what its running release sends."""
APPLIED = "20250510090000"
"""The newest migration that Harbour's database has; every side of a row comes after it."""
FIRST = datetime(2026, 1, 1, 8, tzinfo=UTC)
"""When the first migration of a side was made."""
CLASSES: dict[str, list[str]] = tomllib.loads((FOLDER / "classes.toml").read_text(encoding="utf-8"))
"""What a class of faults is seen by: one of these cases."""


class Files(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A side that is no migration: files of the checkout, by path."""

    files: dict[str, str]


Side = str | list[str] | Files
"""One migration, several in their order, or other files."""


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"kind": "class"}):
    """A fault beside its good twin. `README.md` in the folder says what the keys mean."""

    fault: str
    kind: str
    bad: Side
    good: Side
    shows: str = ""
    leaves: str = ""
    fails: str = ""
    fails_on_seed: str = ""
    fails_as_hosted: str = ""
    unproven: str = ""
    unseen: str = ""
    flagged: str = ""

    @property
    def cases(self) -> list[str]:
        """At least one of these is violated by the bad side."""
        return CLASSES[self.kind]


def rows_by_file() -> dict[str, dict[str, Row]]:
    """File -> its rows by name."""
    files = (file for file in sorted(FOLDER.glob("*.toml")) if file.name not in ("classes.toml", "environment.toml"))
    return {
        file.stem: msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), dict[str, Row]) for file in files
    }


def rows() -> dict[str, Row]:
    """Every row, by name."""
    return {name: row for file in rows_by_file().values() for name, row in file.items()}


def migrations(side: Side) -> list[str]:
    """The migrations of a side, in their order."""
    return [side] if isinstance(side, str) else [] if isinstance(side, Files) else side


def build(folder: Path, sides: Mapping[str, Side]) -> Path:
    """Harbour's checkout with these sides, by the names of their rows: one row's migrations after the other's."""
    shutil.copytree(APP, folder)
    named = [(name, text) for name, side in sides.items() for text in migrations(side)]
    for number, (name, text) in enumerate(named):
        file = f"{FIRST + timedelta(minutes=number):%Y%m%d%H%M%S}_{name}.sql"
        (folder / "supabase/migrations" / file).write_text(text, encoding="utf-8")
    for side in sides.values():
        if isinstance(side, Files):
            for path, text in side.files.items():
                (folder / path).write_text(text, encoding="utf-8")
    return folder
