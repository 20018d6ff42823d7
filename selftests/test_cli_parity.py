"""Replays do what the real Supabase CLI does: the same outcome, history, catalog and rows."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from benchmarks.supabase_cli import CLI, Said, installed
from fixtures.migrations.files import FOLDER, Source, read_sources
from fixtures.workbench.engines.server import Server
from fixtures.workbench.replaying.before import read_before
from fixtures.workbench.replaying.failure import Failure
from fixtures.workbench.replaying.replay import run_files
from fixtures.workbench.replaying.seeds import Seed, read_seeds, run_seeds
from selftests.throwaway import execute, running

NEWEST, OLDER = "3.1.0", "2.122.1"
"""The older one is the last of its line; the two run files with the same code, so it is only tried in part."""

HANGS_UP = "08P01"
"""protocol_violation: the server says it and ends the connection at once, whoever comes to read it."""

HISTORIES: dict[str, list[str | bytes]] = {
    "sound": ["-- a\ncreate table a (i int);\ninsert into a values (1); --b", "alter table a add j text default 'x'"],
    "empty": ["", "-- nothing\n", "create table a ();"],
    "byte-order-mark": [b"\xef\xbb\xbfcreate table a ();\r\ncreate table b ();\r\n"],
    "fails-late": ["create table a ();", "create table b ();\nselect 1/0;\ncreate table c ();", "create table d ();"],
    "missing": ["create table a (i int);\ninsert into\n  missing values (1);"],
    "concurrently": ["create table a (i int);", "create index concurrently a_i on a (i);"],
    "concurrently-among-others": [
        "create table a (i int);",
        "set lock_timeout = '1s'; create index concurrently x on a (i); create unique index concurrently y on a (i);",
    ],
    "concurrently-then-fails": [
        "create table a (i int);\ncreate index concurrently x on a (i);\ncreate table b ();\nselect 1/0;",
    ],
    "concurrently-within-a-transaction": [
        "begin;\ncreate table a (i int);\ncreate index concurrently x on a (i);\ncommit;"
    ],
    "reindex-and-vacuum": ["create table a (i int primary key);", "reindex table concurrently a; vacuum(full) a;"],
    "enum-value-used": ["create type e as enum ('a');", "alter type e add value 'b';\nselect 'b'::e;"],
    "own-transaction": ["begin; create table a (); commit;\ncreate table b ();", "create table c ();"],
    "own-transaction-then-fails": ["create table z(); begin; create table a(); commit; create table b(); select 1/0"],
    "fails-in-own-transaction": ["create table z ();\nbegin; create table a (); select 1/0; commit;"],
    "commit-alone": ["create type e as enum ('a'); commit; alter type e add value 'b'; select 'b'::e;"],
    "rollback": ["create table a (); rollback; create table b ();"],
    "savepoint": ["create table a (); savepoint s; create table b (); rollback to savepoint s; select 1/0;"],
    "without-transaction": ["-- pg-delta: transaction=false\ncreate table a ();\nselect 1/0;"],
    "copy-from-stdin": ["create table a (i int);\ncopy a from stdin;\n1\n\\.\n"],
    "copy-to-stdout": ["create table a (i int);\ncopy a to stdout;"],
    "copy-in-own-transaction": ["create table a (i int); begin; copy a to stdout; copy a from stdin; commit;"],
    "psql-command": ["\\set x 1\ncreate table a ();"],
    "rule-with-two-actions": [
        "create table a (i int);",
        "create rule r as on insert to a do also (select (1); select 2);",
    ],
    "atomic-body": [
        "create function f() returns int language sql begin atomic select 1; select case when true then 2 end; end;\n"
        "create function pending() returns int language sql begin atomic select 1; end; select f();",
    ],
    "quotes": ["select e'a\\';b', 'c;''', $$;$$, $x$;$$;$x$, \";\" from (select 1 as \";\") s; /*;/*;*/*/ select 2"],
    "set-local": ["create table a (); set local statement_timeout = 1; select pg_sleep(0.01);"],
    "settings-leak": [
        "select set_config('search_path', '', false); set statement_timeout = '1s'",
        "create table a (); select pg_sleep(1.2);",
    ],
    "role-leaks": ["create table a ();\nset role anon;", "create table b ();"],
    "role-leaks-into-the-row": ["create schema s; grant create on schema s to anon;", "set role anon; select 1;"],
    "session-user-leaks": ["set session authorization anon; select 1;"],
}  # fmt: skip
LEFT_OPEN = {
    "begin-without-commit": ["create table a()", "create table b ();\nbegin;\ncreate table c ();", "create table d()"],
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as started:
        yield started


@pytest.fixture(scope="module", params=[NEWEST])
def cli(request: pytest.FixtureRequest) -> CLI:
    found = installed(request.param)
    if isinstance(found, str):
        pytest.skip(found)
    return found


@dataclass(frozen=True)
class Both:
    """One history, run by the CLI and by a replay, each in a database of its own."""

    said: Said
    failure: Failure | None
    states: tuple[object, object]

    @property
    def failed_alike(self) -> bool:
        """Whether both tell the same state; where the server hangs up, a busy CLI may have seen only that it did."""
        assert self.failure is not None
        hung_up = self.failure.sqlstate == HANGS_UP and "Connection terminated unexpectedly" in self.said.text
        return self.said.sqlstate == self.failure.sqlstate or hung_up


@pytest.fixture
def databases(server: Server) -> Iterator[None]:
    for name in ("theirs", "ours"):
        execute(server, f"create database {name} template postgres")
    yield
    for name in ("theirs", "ours"):
        execute(server, f"drop database {name} with (force)")


@pytest.fixture
def both(server: Server, databases: None, cli: CLI, tmp_path: Path, history: list[str | bytes]) -> Both:
    checkout = written(tmp_path / "checkout", history)
    said = cli.run(address(server, "theirs"), checkout, tmp_path, "migration", "up")
    failure = asyncio.run(replayed(server, read_sources(checkout)))
    return Both(said, failure, (state(server, "theirs"), state(server, "ours")))


def written(checkout: Path, history: list[str | bytes]) -> Path:
    (checkout / FOLDER).mkdir(parents=True)
    (checkout / "supabase" / "config.toml").write_text('project_id = "parity"\n')
    for number, text in enumerate(history, 1):
        (checkout / FOLDER / f"{number}_m.sql").write_bytes(text.encode() if isinstance(text, str) else text)
    return checkout


def address(server: Server, database: str) -> str:
    return f"postgresql://postgres:none@localhost:5432/{database}?host={server.conninfo()['host']}"


async def replayed(server: Server, sources: Sequence[Source], seeds: Sequence[Seed] = ()) -> Failure | None:
    parameters = make_conninfo(**server.conninfo("ours"))
    connection = await psycopg.AsyncConnection.connect(parameters, autocommit=True)
    try:
        return await run_files(connection, sources) or await run_seeds(connection, seeds)
    finally:
        await connection.close()


def state(server: Server, database: str) -> object:
    """The history, what is in the catalog beside the baseline, and the rows of the tables."""
    queries = (
        "select version, name, statements from supabase_migrations.schema_migrations order by 1",
        "select c.relname, c.relkind, c.relowner::regrole::text, a.attname, a.atttypid::regtype::text"
        " from pg_class c left join pg_attribute a on a.attrelid = c.oid and attnum > 0"
        " where c.relnamespace = 'public'::regnamespace order by 1, 4",
        "select pg_get_indexdef(indexrelid), indisvalid from pg_index"
        " where indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace) order by 1",
        "select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace order by 1",
        "select path, hash from supabase_migrations.seed_files order by 1",
        "select enumtypid::regtype::text, enumlabel from pg_enum order by 1, enumsortorder",
    )
    with psycopg.connect(make_conninfo(**server.conninfo(database)), autocommit=True) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
        rows = {
            name: connection.execute(sql.SQL("table {}").format(sql.Identifier(name))).fetchall() for (name,) in tables
        }
        return [connection.execute(query.encode()).fetchall() for query in queries], rows


@pytest.mark.parametrize(
    ("cli", "history"),
    [pytest.param(NEWEST, history, id=name) for name, history in HISTORIES.items()]
    + [pytest.param(OLDER, HISTORIES[name], id=f"{name}-{OLDER}") for name in list(HISTORIES)[::8]],
    indirect=["cli"],
)
def test_a_history_ends_as_with_the_cli(both: Both) -> None:
    assert (both.said.status == 0) == (both.failure is None), (both.said.text, both.failure)
    assert both.states[0] == both.states[1]
    if both.failure is not None:
        assert both.failed_alike, (both.said.text, both.failure)
        started = [line for line in both.said.text.splitlines() if line.startswith("Applying migration ")]
        assert started[-1] == f"Applying migration {Path(both.failure.path).name}..."


@pytest.mark.parametrize("history", LEFT_OPEN.values(), ids=LEFT_OPEN)
def test_what_the_cli_loses_in_silence_is_a_failure(both: Both) -> None:
    assert both.said.status == 0
    assert both.failure is not None
    assert both.states[0] == both.states[1]


@pytest.mark.parametrize("history", [[b"create table a (t text); insert into a values ('\xff');"]], ids=["bytes"])
def test_what_the_cli_changes_in_silence_is_a_failure(both: Both) -> None:
    assert both.said.status == 0
    assert "\ufffd" in str(both.states[0])
    assert both.failure is not None
    assert both.failure.sqlstate == "22021"


SEEDS = {
    "sound": {
        "a.sql": "insert into a values (2);\ninsert into b default values;",
        "b/c.sql": "insert into a values (3)",
    },
    "takes-back-what-failed": {"a.sql": "insert into a values (2);", "b/c.sql": "insert into a values (3); select 1/0"},
    "after-a-setting": {"a.sql": "select set_config('search_path', '', false);", "b/c.sql": "insert into a values (3)"},
}


@pytest.mark.parametrize("seeds", SEEDS.values(), ids=SEEDS)
@pytest.mark.usefixtures("databases")
def test_roles_and_seeds_end_as_with_the_cli(server: Server, cli: CLI, tmp_path: Path, seeds: dict[str, str]) -> None:
    checkout = written(tmp_path / "checkout", ["create table a (i int); create table b (i serial);"])
    (checkout / "supabase" / "config.toml").write_text('project_id = "parity"\n[db.seed]\nsql_paths = ["./s/*"]\n')
    (checkout / "supabase" / "roles.sql").write_text("create table of_roles (); alter role anon set work_mem = '5MB';")
    for name, text in seeds.items():
        (checkout / "supabase" / "s" / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / "supabase" / "s" / name).write_text(text)

    said = cli.run(address(server, "theirs"), checkout, tmp_path, "db", "push", "--include-roles", "--include-seed")
    failure = asyncio.run(replayed(server, [*read_before(checkout), *read_sources(checkout)], read_seeds(checkout)))
    assert (said.status == 0) == (failure is None), (said.text, failure)
    assert state(server, "theirs") == state(server, "ours")
