"""The pg_dump and pg_restore that a drill is given: the wheel's own, or behind one that a fault has somebody write.

The switch `dump` says how that one dumps: "cut" ends in the middle, "old" says that it is of Postgres 14, "newer" that
it is of a later version than the server, "talks" warns of something on the way. Anything else are options that it adds:
``--no-policies``.
"""

import shlex
from pathlib import Path

SCRIPTS = {
    "cut": '"$real" "$@" | head -c 60000',
    "old": 'case "$1" in --version) echo "pg_dump (PostgreSQL) 14.9";; *) exec "$real" "$@";; esac',
    "newer": 'case "$1" in --version) echo "pg_dump (PostgreSQL) 99.1";; *) exec "$real" "$@";; esac',
    "talks": 'echo "pg_dump: warning: there are circular foreign-key constraints" >&2; exec "$real" "$@"',
}
OPTIONS = 'case "$1" in --version) exec "$real" "$@";; *) exec "$real" {options} "$@";; esac'


def dump_programs(tools: Path, folder: Path, wrapped: str) -> Path:
    """The folder of both programs; a new one in `folder` when the switch says something."""
    if not wrapped:
        return tools
    place = folder / "backup"
    place.mkdir()
    (place / "pg_restore").symlink_to(tools / "pg_restore")
    script = SCRIPTS.get(wrapped) or OPTIONS.format(options=wrapped)
    program = place / "pg_dump"
    program.write_text(f"#!/bin/sh\nreal={shlex.quote(str(tools / 'pg_dump'))}\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return place
