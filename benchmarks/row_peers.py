"""The peers of the row-security part: splinter's SQL, the Supabase CLI's advisors, and assertions of pgTAP."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from benchmarks.supabase_cli import CLI

SPLINTER, PGTAP = "SPLINTER_SQL", "PGTAP_SQL"
"""Variables that name their SQL files, neither of which is this repository's."""
PATHS = "set local search_path = ''; set local pgrst.db_schemas = 'public,graphql_public'"
PARTS = "\nunion all\n("
NEEDS_XML = "xpath("
ASSERTIONS = 6
"""What people write for a table: two of what is seen, four of what is refused."""
CLAIMS = "select set_config('role', 'authenticated', false), set_config('request.jwt.claims', {claims}, false);"
TABLE = """
select tap.isnt_empty('select from {table}', 'its member sees it');
select tap.is_empty('select from {table} where org_id = ''{other}''', 'of another tenant nothing is seen');
select tap.throws_ok('insert into {table} (org_id) values (''{other}'')', '42501', null, 'nothing is written there');
select tap.is_empty('update {table} set org_id = org_id where org_id = ''{other}'' returning 1', 'nothing is changed');
select tap.is_empty('delete from {table} where org_id = ''{other}'' returning 1', 'nothing is deleted');
select tap.throws_ok('truncate {table}', '42501', null, 'nothing is emptied');
"""


def splinter_sql() -> str | None:
    """Splinter in one query, without what has to be set before; None: nobody says where it is."""
    path = os.environ.get(SPLINTER)
    if path is None:
        return None
    return Path(path).read_text(encoding="utf-8").replace("set local search_path = '';", "")


def without_xml(sql: str) -> str:
    """The same without its lints that need a server built with XML."""
    return PARTS.join(part for part in sql.split(PARTS) if NEEDS_XML not in part)


def run_splinter(conninfo: str, sql: str) -> None:
    """Raises psycopg.Error."""
    with psycopg.connect(conninfo) as connection:
        connection.execute(PATHS)
        connection.execute(sql.encode()).fetchall()
        connection.rollback()


def run_advisors(cli: CLI, conninfo: str, folder: Path) -> None:
    """The CLI's advisors on a database. Raises RuntimeError: they failed."""
    parameters = conninfo_to_dict(conninfo)
    url = f"postgresql://postgres:none@localhost:5432/{parameters['dbname']}?host={parameters['host']}"
    said = cli.run(url, folder, folder, "db", "advisors")
    if said.status:
        raise RuntimeError(f"supabase db advisors: {said.text}")


def pgtap_sql() -> str | None:
    """pgTAP's functions, all of them SQL and PL/pgSQL, as Debian's package installs them, or as `PGTAP_SQL` names."""
    named = os.environ.get(PGTAP)
    whole = sorted(Path("/usr/share/postgresql").glob("*/extension/pgtap--?.?.?.sql"))
    path = Path(named) if named else (whole[-1] if whole else None)
    return path.read_text(encoding="utf-8") if path else None


def assertions(tables: Sequence[str], other: str, claims: str) -> Iterator[str]:
    """Scripts of six assertions each; `other` is a tenant that whoever has these claims (a literal) is no member of."""
    for table in tables:
        yield CLAIMS.format(claims=claims) + TABLE.format(table=table, other=other) + "reset role;"


def run_pgtap(conninfo: str, scripts: Sequence[str]) -> None:
    """Run them in one transaction, a script in a round trip. Raises RuntimeError: an assertion does not hold."""
    with psycopg.connect(conninfo) as connection:
        connection.execute(
            f"set local search_path = tap, public; select tap.plan({len(scripts) * ASSERTIONS})".encode()
        )
        for script in scripts:
            cursor = connection.execute(script.encode())
            _hold(cursor)
        connection.rollback()


def _hold(cursor: "psycopg.Cursor[tuple[object, ...]]") -> None:
    while True:
        row = cursor.fetchone() if cursor.description else None
        if row is not None and str(row[0]).startswith("not ok"):
            raise RuntimeError(f"pgTAP: {row[0]}")
        if not cursor.nextset():
            return
