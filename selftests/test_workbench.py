"""Throwaway servers: quick, closed to others, and gone without a trace; and replays that behave as the CLI does."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures import Unobservable
from fixtures.migrations.comparison import edited, renamed
from fixtures.migrations.files import FOLDER, read_files, read_sources
from fixtures.migrations.history import Applied
from fixtures.workbench import cache, owner, run_folder
from fixtures.workbench.baseline import privileges_of
from fixtures.workbench.embedded import start_embedded
from fixtures.workbench.failure import Failure
from fixtures.workbench.launch import Binaries, start_server
from fixtures.workbench.replay import Replayed, replay
from fixtures.workbench.server import Server

SECONDS = 30.0
A_MINUTE_AGO = 61


@pytest.fixture
def server() -> Iterator[Server]:
    started = start_embedded(SECONDS)
    yield started
    started.stop()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Path]:
    """A cache of its own, empty, and a place of its own for servers: the path of that place."""
    home = Path(tempfile.mkdtemp(prefix="selftest-", dir=run_folder._home()))
    home.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        patch.setattr(run_folder, "_home", lambda: home)
        yield home
    shutil.rmtree(home)


def execute(server: Server, sql: str) -> None:
    with psycopg.connect(make_conninfo(**server.conninfo()), autocommit=True) as connection:
        connection.execute(sql.encode())


def rows(server: Server, sql: str, user: str = "postgres") -> list[Any]:
    with psycopg.connect(make_conninfo(**server.conninfo(user=user)), autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def soon(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.02)
    return False


# Servers


def test_the_first_start_takes_three_seconds_at_most_and_a_later_one_six_tenths(fresh: Path) -> None:
    first, *later = [start_and_stop() for _ in range(4)]

    assert first < 3.0
    assert min(later) < 0.6
    assert list(fresh.iterdir()) == []


def start_and_stop() -> float:
    started = time.perf_counter()
    server = start_embedded(SECONDS)
    seconds = time.perf_counter() - started
    server.stop()
    return seconds


def test_a_server_has_the_baseline_and_the_replaying_role(server: Server) -> None:
    assert rows(server, "select current_user::text, rolsuper from pg_roles where rolname = current_user") == [
        ("postgres", True)
    ]
    assert rows(server, "select to_regclass('auth.users') is not null, current_database()::text") == [
        (True, "postgres")
    ]
    assert rows(server, "select rolsuper from pg_roles where rolname = 'anon'") == [(False,)]


def test_the_stand_in_extensions_are_found(server: Server) -> None:
    execute(server, "create extension pg_cron; create extension http schema extensions")
    assert rows(server, "select extname::text from pg_extension where extname in ('http', 'pg_cron') order by 1") == [
        ("http",),
        ("pg_cron",),
    ]


def test_a_server_listens_on_no_port(server: Server) -> None:
    assert rows(server, "select setting from pg_settings where name = 'listen_addresses'") == [("",)]
    assert server.folder.stat().st_mode & 0o777 == 0o700


def test_there_is_no_password_and_others_are_refused(server: Server) -> None:
    assert "password" not in server.conninfo()
    assert rows(server, "select count(*) from pg_authid where rolpassword is not null") == [(0,)]
    rules = "select type, auth_method from pg_hba_file_rules"
    assert rows(server, rules, user="supabase_admin") == [("local", "peer")]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_another_user_of_the_machine_is_refused_even_with_access_to_the_socket(server: Server) -> None:
    server.folder.chmod(0o755)
    child = os.fork()
    if child == 0:
        os.setuid(65534)
        try:
            psycopg.connect(make_conninfo(**server.conninfo()))
        except psycopg.OperationalError as error:
            os._exit(7 if "Peer authentication failed" in str(error) else 8)
        os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux's /proc")
def test_the_server_does_not_inherit_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", "whsec_planted")
    server = start_embedded(SECONDS)
    try:
        postmaster = server.process_id()
        assert b"planted" not in Path(f"/proc/{postmaster}/environ").read_bytes()
    finally:
        server.stop()


def test_stopping_leaves_nothing_and_may_be_done_again(fresh: Path) -> None:
    server = start_embedded(SECONDS)
    postmaster = server.process_id()
    assert postmaster is not None
    assert alive(postmaster)

    server.stop()
    server.stop()
    assert not alive(postmaster)
    assert list(fresh.iterdir()) == []
    assert server.ended()


def test_servers_do_not_disturb_one_another() -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: start_embedded(SECONDS), range(2))
    try:
        execute(first, "create table only_here ()")
        first.stop()
        assert rows(second, "select to_regclass('only_here')::text") == [(None,)]
    finally:
        first.stop()
        second.stop()


def test_two_first_starts_at_once_both_work(fresh: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        for server in pool.map(lambda _: start_embedded(SECONDS), range(2)):
            server.stop()

    assert list(fresh.iterdir()) == []
    (prepared,) = (tmp_path / "cache" / "seatrial").iterdir()
    assert prepared.suffix == ".tar"


STARTS = """
import sys, time
from pathlib import Path
from fixtures.workbench import run_folder
from fixtures.workbench.embedded import start_embedded
run_folder._home = lambda: Path(sys.argv[1])
print("starting", flush=True)
server = start_embedded(30)
print(server.process_id(), flush=True)
time.sleep(60)
"""


def starting(fresh: Path, repository: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", STARTS, str(fresh)]
    process = subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "starting\n"
    return process


def test_a_killed_run_leaves_no_server_and_no_file(fresh: Path, repository: Path) -> None:
    with starting(fresh, repository) as process:
        assert process.stdout is not None
        postmaster = int(process.stdout.readline())
        assert alive(postmaster)
        process.kill()

    assert soon(lambda: not alive(postmaster) and not any(fresh.iterdir()))


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.2, 0.35, 0.5])
def test_a_run_killed_during_its_first_start_leaves_nothing(
    fresh: Path, repository: Path, tmp_path: Path, seconds: float
) -> None:
    with starting(fresh, repository) as process:
        time.sleep(seconds)
        process.kill()

    assert soon(lambda: not any(fresh.iterdir()))
    assert start_and_stop() < SECONDS  # what lies in the cache now does no harm


def test_an_interrupt_is_left_to_us(fresh: Path) -> None:
    server = start_embedded(SECONDS)
    try:
        postmaster = server.process_id() or 0
        assert os.getsid(postmaster) != os.getsid(0)
    finally:
        server.stop()


def test_what_a_killed_keeper_left_is_swept_and_a_living_one_is_not(fresh: Path) -> None:
    (fresh / "seatrial-left").mkdir()
    (fresh / "seatrial-young").mkdir()
    (fresh / "other").mkdir()
    living = start_embedded(SECONDS)
    for folder in (fresh / "seatrial-left", fresh / "other", living.folder):
        os.utime(folder, (time.time() - A_MINUTE_AGO,) * 2)

    start_and_stop()
    assert {path.name for path in fresh.iterdir()} == {"seatrial-young", "other", living.folder.name}
    assert rows(living, "select 1") == [(1,)]
    living.stop()


def test_a_deadline_is_kept_and_leaves_nothing(fresh: Path) -> None:
    with pytest.raises(Unobservable, match=r"was not ready in time|could not be prepared"):
        start_embedded(0.0)
    assert list(fresh.iterdir()) == []


def test_a_server_that_does_not_start_says_why(fresh: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar"
    broken.write_bytes(b"no tar file at all" * 100)
    somewhere = Binaries(folder=tmp_path, version="x")

    with broken.open("rb") as data, pytest.raises(Unobservable, match=r"did not start; its log ends:\n(.*\n)*.*tar"):
        start_server(somewhere, owner.server_owner(), tmp_path, time.monotonic() + SECONDS, data=data)
    assert list(fresh.iterdir()) == []


def test_a_missing_program_is_told(fresh: Path, tmp_path: Path) -> None:
    nowhere = Binaries(folder=Path("/nowhere"), version="x")
    with pytest.raises(Unobservable, match=r"did not start; its log ends:\n.*/nowhere/initdb.*No such file"):
        start_server(nowhere, owner.server_owner(), tmp_path, time.monotonic() + SECONDS)
    assert list(fresh.iterdir()) == []


def touch(path: Path) -> None:
    path.write_bytes(b"x")


def test_the_cache_is_bounded(fresh: Path, tmp_path: Path) -> None:
    for number in range(cache.KEEP + 3):
        made = cache.cached(f"{number}.tar", touch)
        os.utime(made, (1_000_000_000 + number,) * 2)
    cache.cached(f"{cache.KEEP}.tar", lambda _: pytest.fail("it is there"))
    cache.cached("new.tar", touch)

    kept = {path.stem for path in (tmp_path / "cache" / "seatrial").iterdir()}
    assert len(kept) == cache.KEEP
    assert {"new", f"{cache.KEEP}"} <= kept


def test_what_could_not_be_made_is_not_kept(fresh: Path, tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise Unobservable("broken")

    with pytest.raises(Unobservable, match="broken"):
        cache.cached("a.tar", fail)
    assert list((tmp_path / "cache" / "seatrial").iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs copies")
def test_programs_in_a_private_folder_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = tmp_path / "private"
    (private / "programs").mkdir(parents=True)
    (private / "programs" / "initdb").write_text("x")
    (private / "diary").mkdir()
    private.chmod(0o700)
    monkeypatch.setattr(owner, "_SHARED_CACHE", tmp_path / "shared")
    user = owner.server_owner()

    for _ in range(2):
        copy = owner.reachable(private, "programs-1", user, only="prog*")
        assert copy == tmp_path / "shared" / "programs-1"
        assert sorted(path.name for path in copy.rglob("*")) == ["initdb", "programs"]
    assert owner.reachable(private, "programs-1", None) == private


# Privileges


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (None, "exposed"),
        ("", "exposed"),
        ("[api]\nport = 1", "exposed"),
        ("[api]\nauto_expose_new_tables = true", "exposed"),
        ("[api]\nauto_expose_new_tables = false", "revoked"),
    ],
)
def test_the_configuration_says_whether_new_tables_are_exposed(
    tmp_path: Path, config: str | None, expected: str
) -> None:
    (tmp_path / "supabase").mkdir()
    if config is not None:
        (tmp_path / "supabase" / "config.toml").write_text(config)
    assert privileges_of(tmp_path) == expected


def test_a_broken_configuration_is_told(tmp_path: Path) -> None:
    (tmp_path / "supabase").mkdir()
    (tmp_path / "supabase" / "config.toml").write_text("[api]\n[api]\n")
    with pytest.raises(Unobservable, match=r"config\.toml cannot be read \(.*line 2.*\); mend it"):
        privileges_of(tmp_path)


@pytest.mark.parametrize(("privileges", "exposed"), [("exposed", True), ("revoked", False)])
def test_new_tables_are_exposed_or_not(privileges: Any, exposed: bool) -> None:
    server = start_embedded(SECONDS, privileges)
    try:
        execute(server, "create table public.t ()")
        assert rows(server, "select has_table_privilege('anon', 'public.t', 'select')") == [(exposed,)]
    finally:
        server.stop()


# Replays


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
        ("-- why\ndo $$ begin\n raise exception 'stop'; end $$;", 2, "P0001", "do $$", set()),
        ("begin;\ncreate table made_a (i int);\ncreate index concurrently made_b on made_a (i);\ncommit;", 3, "25001",
         "create index concurrently", set()),
        ("create table made_a (i int);\ncopy made_a from stdin;\n1\n\\.\n", 2, "08P01", "copy made_a", set()),
        ("\\set x 1\ncreate table made_a ();", 1, "42601", "\\set", set()),
        ("create type made_t as enum ('a');\ncommit;\nalter type made_t add value 'b';\nselect 'b'::made_t;", 4,
         "55P04", "select 'b'", {"made_t"}),
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
def test_a_transaction_left_open_is_a_failure_and_nothing_stays(server: Server, tmp_path: Path, opening: str) -> None:
    text = f"create table made_a ();\n-- from here\n{opening};\ncreate table made_b ();"
    result = replayed(server, application(tmp_path, text, "create table made_c ();"))

    assert result.applied == ()
    assert result.failure is not None
    assert (result.failure.line, result.failure.statement, result.failure.sqlstate) == (3, opening, None)
    assert "never committed" in result.failure.message
    assert relations(server) == set()


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


def test_the_postmaster_dies_with_its_keeper_told_to_end(fresh: Path) -> None:
    server = start_embedded(SECONDS)
    postmaster = server.process_id() or 0
    keeper = int(subprocess.check_output(["ps", "-o", "ppid=", "-p", str(postmaster)]))
    os.kill(keeper, signal.SIGTERM)

    assert soon(lambda: server.ended() and not alive(postmaster) and not any(fresh.iterdir()))
    server.stop()
