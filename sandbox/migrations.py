"""Applies migration files as the Supabase CLI does: in order of name, each in one transaction that also records it.

Source: supabase/cli, pkg/migration. What the CLI skips (another name, a folder) is skipped here too.
"""

import re
from pathlib import Path
from typing import Any

import psycopg

FILE_NAME = re.compile(r"([0-9]+)_(.*)\.sql")

RECORD = "insert into supabase_migrations.schema_migrations (version, name, statements) values (%s, %s, %s)"


def migration_files(folder: Path) -> list[Path]:
    """The files that the CLI would apply, in its order (bytes of the name)."""
    return sorted(file for file in folder.glob("*.sql") if FILE_NAME.fullmatch(file.name))


def apply(connection: psycopg.Connection[Any], file: Path) -> None:
    """Run one file and record it. The connection is in autocommit mode; raises psycopg.Error with nothing applied."""
    named = FILE_NAME.fullmatch(file.name)
    if named is None:
        raise ValueError(f"{file.name} is not the name of a migration")
    script = file.read_text(encoding="utf-8")
    connection.execute("reset all")
    with connection.transaction():
        connection.execute(script.encode())
        connection.execute(RECORD, (named[1], named[2], statements(script)))


def statements(script: str) -> list[str]:
    """The statements of a script as the CLI records them: with the comments before, without the semicolon."""
    # a quarter of a second to import, and needed only while a cluster is built
    from postgast import split

    return [statement.strip() for statement in split(script, method="scanner")]
