"""Replays run migrations, and fail on them, as the Supabase CLI does."""

import asyncio
import re
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fixtures import Unobservable
from fixtures.migrations.comparison import edited, renamed
from fixtures.migrations.files import FOLDER, read_files, read_sources
from fixtures.migrations.history import Applied
from fixtures.workbench.engines.embedded import start_embedded
from fixtures.workbench.engines.server import Server
from fixtures.workbench.replaying.failure import Failure
from fixtures.workbench.replaying.replay import Replayed, replay
from selftests.throwaway import SECONDS, rows, running


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as started:
        yield started


def application(root: Path, *texts: str | bytes) -> Path:
    """A checkout with files 1_m.sql, 2_m.sql, …"""
    (root / FOLDER).mkdir(parents=True)
    for number, text in enumerate(texts, 1):
        content = text.encode() if isinstance(text, str) else text
        (root / FOLDER / f"{number}_m.sql").write_bytes(content)
    return root


def replayed(server: Server, checkout: Path) -> Replayed:
    result = asyncio.run(replay(server, checkout))
    assert msgspec.json.decode(msgspec.json.encode(result), type=Replayed) == result
    return result


def failure(server: Server, checkout: Path) -> Failure:
    found = replayed(server, checkout).failure
    assert found is not None
    return found


def relations(server: Server) -> set[str]:
    return {name for (name,) in rows(server, "select relname::text from pg_class where relname like 'made%'")}


def test_sound_migrations_run_in_order_and_are_recorded_as_they_ran(server: Server, tmp_path: Path) -> None:
    checkout = application(
        tmp_path,
        "-- first\ncreate table made_a (id int);\n\ninsert into made_a values (1); -- done\n",
        'alter table made_a add column "Note" text default \'a;"b\\c{}\';',
        "\ufeffcreate view made_b as select * from made_a;\r\n",
    )
    (checkout / FOLDER / "0_skipped.SQL").write_text("this is no SQL")

    result = replayed(server, checkout)
    assert (result.failure, result.database) == (None, "postgres")
    assert result.applied == tuple(f"{FOLDER}/{number}_m.sql" for number in (1, 2, 3))
    history = rows(server, "select version, name, statements from supabase_migrations.schema_migrations order by 1")
    assert history[0] == (
        "1", "m", ["-- first\ncreate table made_a (id int)", "insert into made_a values (1)", "-- done"],
    )  # fmt: skip
    applied = [Applied(version=version, name=name, statements=tuple(texts)) for version, name, texts in history]
    assert edited(read_sources(checkout), applied) == ()
    assert renamed(read_files(checkout), applied) == ()


def test_a_broken_file_is_named_with_line_and_statement_and_taken_back(server: Server, tmp_path: Path) -> None:
    bad = "create table made_b ();\n\n-- then\nselect 1,\n  from where;\ncreate table made_c ();\n"
    result = replayed(server, application(tmp_path, "create table made_a ();", bad, "create table made_d ();"))

    assert result.applied == (f"{FOLDER}/1_m.sql",)
    assert result.failure is not None
    assert result.failure.subject == f"{FOLDER}/2_m.sql:5"
    assert result.failure.statement == "select 1,\n  from where"
    assert result.failure.sqlstate == "42601"
    assert "syntax error" in result.failure.message
    assert relations(server) == {"made_a"}


@pytest.mark.parametrize(
    ("text", "line", "sqlstate", "statement", "made"),
    [
        ("create table made_a ();\ninsert into\n  missing values (1);", 3, "42P01", "insert into", set()),
        ("create table made_a ();\nbegin;\ncreate table made_b ();\ncommit;\n\nselect 1/0;", 6, "22012", "select 1/0",
         {"made_a", "made_b"}),
        ("create table made_a ();\nbegin;\ncreate table made_b ();\nselect 1/0;\ncommit;", 4, "22012", "select 1/0",
         {"made_a"}),
        ("-- pg-delta: transaction=false\r\ncreate table made_a ();\nselect 1/0;", 3, "22012", "select 1/0",
         {"made_a"}),
        ("create table made_a ();\nsavepoint s;", 2, "25P01", "savepoint", set()),
        ("-- why\ndo $$ begin\n raise exception 'stop'; end $$;", 2, "P0001", "do $$", set()),
        ("begin;\ncreate table made_a (i int);\ncreate index concurrently made_b on made_a (i);\ncommit;", 3, "25001",
         "create index concurrently", set()),
        ("create table made_a (i int);\ncopy made_a from stdin;\n1\n\\.\n", 2, "08P01", "copy made_a", set()),
        ("create table made_a (i int);\ncopy made_a to stdout;\nselect 1/0;", 3, "22012", "select 1/0", set()),
        ("create table made_a (i int);\nbegin;copy made_a from stdin;commit;", 2, "57014", "copy made_a", {"made_a"}),
        ("begin;copy pg_class to stdout;commit;\nselect 1/0;", 2, "22012", "select 1/0", set()),
        ("\\set x 1\ncreate table made_a ();", 1, "42601", "\\set", set()),
        ("create type made_t as enum ('a');\nalter type made_t add value 'b';\nselect 'c'::made_t;", 3,
         "22P02", "select 'c'", set()),
        (b"create table made_a ();\nselect '\xff';", 2, "22021", "select '", set()),
        ("create table made_a (i int);\ncreate rule r as on insert to made_a do also (select (1); select 2);", 2,
         "42601", "create rule r", set()),
    ],
)  # fmt: skip
def test_files_fail_where_and_as_in_the_cli(
    server: Server, tmp_path: Path, text: str | bytes, line: int, sqlstate: str, statement: str, made: set[str]
) -> None:
    found = failure(server, application(tmp_path, text))

    assert (found.path, found.line, found.sqlstate) == (f"{FOLDER}/1_m.sql", line, sqlstate)
    assert found.statement.startswith(statement)
    assert relations(server) | {"made_t"} == made | {"made_t"}


def test_a_long_statement_is_shown_in_part(server: Server, tmp_path: Path) -> None:
    assert len(failure(server, application(tmp_path, f"select 1/0, '{'x' * 300}'")).statement) == 200


def test_the_second_file_of_a_version_is_taken_back(server: Server, tmp_path: Path) -> None:
    checkout = application(tmp_path, "create table made_a ();")
    (checkout / FOLDER / "1_n.sql").write_text("create table made_b ();")
    found = failure(server, checkout)

    assert (found.path, found.sqlstate) == (f"{FOLDER}/1_n.sql", "23505")
    assert "another file has version 1 too" in found.message
    assert relations(server) == {"made_a"}


@pytest.mark.parametrize(
    "text",
    [
        "create index concurrently made_i on made_a (i);",
        "set lock_timeout = '1s';\ncreate unique index  concurrently made_i on made_a (i);\nanalyze made_a",
        "create index concurrently made_x on made_a (i);\n-- a\n/* b */ create index concurrently made_i on made_a (i)",
        "create index made_i on made_a (i);\nreindex index concurrently made_i;\nvacuum made_a;",
        "create index made_x on made_a (i); drop index concurrently made_x; create index made_i on made_a (i)",
    ],
)
def test_what_cannot_run_in_a_transaction_runs_alone(server: Server, tmp_path: Path, text: str) -> None:
    result = replayed(server, application(tmp_path, "create table made_a (i int);", text))

    assert result.failure is None
    assert rows(server, "select indisvalid from pg_index where indexrelid = 'made_i'::regclass") == [(True,)]
    assert rows(server, "select count(*) from supabase_migrations.schema_migrations") == [(2,)]


def test_what_ran_before_a_concurrent_statement_stays_when_a_later_one_fails(server: Server, tmp_path: Path) -> None:
    text = "create table made_a (i int);\ncreate index concurrently made_i on made_a (i);\ncreate table made_b ();\n"
    found = failure(server, application(tmp_path, text + "select 1/0;"))

    assert (found.line, found.statement) == (4, "select 1/0")
    assert relations(server) == {"made_a", "made_i"}
    assert rows(server, "select count(*) from supabase_migrations.schema_migrations") == [(0,)]


@pytest.mark.parametrize("opening", ["BEGIN", "begin work", "start transaction"])
def test_a_transaction_left_open_is_a_failure(server: Server, tmp_path: Path, opening: str) -> None:
    text = f"create table made_a ();\n-- from here\n{opening};\ncreate table made_b ();"
    result = replayed(server, application(tmp_path, text, "create table made_c ();"))

    assert result.applied == ()
    assert result.failure is not None
    assert (result.failure.line, result.failure.statement, result.failure.sqlstate) == (3, opening, None)
    assert "never committed" in result.failure.message
    assert relations(server) == {"made_a"}  # such a file runs statement by statement


def test_each_file_starts_with_the_settings_of_a_new_session(server: Server, tmp_path: Path) -> None:
    leak = "select pg_catalog.set_config('search_path', '', false); set statement_timeout = 1;"
    result = replayed(server, application(tmp_path, leak, "create table made_a (); select pg_sleep(0.05);"))

    assert result.failure is None
    assert rows(server, "select relnamespace::regnamespace::text from pg_class where relname = 'made_a'") == [
        ("public",)
    ]


def test_statements_about_the_database_find_it(server: Server, tmp_path: Path) -> None:
    text = "alter database postgres set work_mem = '5MB'; grant connect on database postgres to anon;"
    assert replayed(server, application(tmp_path, text)).failure is None


def test_a_file_of_many_statements_does_not_stall(server: Server, tmp_path: Path) -> None:
    text = "".join(f"select repeat('x', 20000), '{'y' * 500}';\n" for _ in range(2000))
    assert replayed(server, application(tmp_path, text)).failure is None


def test_an_empty_file_is_recorded(server: Server, tmp_path: Path) -> None:
    assert replayed(server, application(tmp_path, "", "-- nothing\n")).failure is None
    history = rows(server, "select version, statements from supabase_migrations.schema_migrations order by 1")
    assert history == [("1", []), ("2", ["-- nothing"])]


def test_a_used_server_is_not_used_again(server: Server, tmp_path: Path) -> None:
    checkout = application(tmp_path, "create table made_a ();")
    assert replayed(server, checkout).failure is None
    with pytest.raises(Unobservable, match="has migrations already"):
        replayed(server, checkout)


def test_no_migrations_are_no_success(server: Server, tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match="does not exist"):
        replayed(server, tmp_path)


def test_a_server_that_goes_away_is_told(tmp_path: Path) -> None:
    server = start_embedded(SECONDS)
    checkout = application(tmp_path, "select 1;", "select pg_sleep(60);")

    async def interrupted() -> Replayed:
        running = asyncio.create_task(replay(server, checkout))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(server.stop)
        return await running

    with pytest.raises(Unobservable, match=r"went away after 1 of 2 migrations"):
        asyncio.run(interrupted())


def test_a_replay_can_be_given_up(server: Server, tmp_path: Path) -> None:
    async def impatient() -> None:
        await asyncio.wait_for(replay(server, application(tmp_path, "select pg_sleep(60);")), 0.3)

    started = time.monotonic()
    with pytest.raises(TimeoutError):
        asyncio.run(impatient())
    assert time.monotonic() - started < 5
    assert re.search(r"^\d+$", str(server.process_id()))
