"""`--postgres URL`: a server of the user's is only used where it may be, and is afterwards as it was before."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures import Unobservable
from fixtures.workbench.engines import embedded, system
from fixtures.workbench.engines.given import GivenEngine
from fixtures.workbench.engines.guest import Guest
from fixtures.workbench.engines.launch import start_server
from fixtures.workbench.engines.local import LocalServer
from fixtures.workbench.engines.owner import server_owner
from selftests.throwaway import SECONDS, soon

CANARY = "canary-a8f1c7"


def somebodys(binaries: Any) -> Iterator[LocalServer]:
    """A server as somebody might have it: a superuser of their own, other roles, settings, a database."""
    owner = server_owner()
    server = start_server(binaries(owner), owner, Path("/nowhere"), time.monotonic() + SECONDS)
    run(server, THEIRS)
    yield server
    server.stop()


THEIRS = """
    create role alice superuser login password 'x'; create role anon login connection limit 3;
    create role bob login createdb createrole; create role team; grant team to bob; grant anon to alice;
    alter role bob set search_path = foo, "Bar"; alter role bob set work_mem = '7MB'; create database theirs;
    alter database theirs set work_mem = '9MB'; alter role bob in database theirs set jit = off
"""
MIGRATIONS = """
    create table public.t (a int); create role worker; grant select on t to worker; create role lonely;
    create role "Group"; grant "Group" to authenticated;
    alter role bob password 'changed' superuser valid until 'today';
    alter role bob set search_path = changed; alter role bob reset work_mem; alter role bob set lock_timeout = '1s';
    grant pg_monitor to bob; revoke team from bob; grant anon to alice with admin option;
    alter database theirs set work_mem = '1MB'; alter role bob in database theirs reset jit;
    alter role anon connection limit 5 nologin
"""


@pytest.fixture(scope="module", params=["embedded", "system"])
def server(request: pytest.FixtureRequest) -> Iterator[LocalServer]:
    if request.param == "system" and not any(system._version(folder)[1] >= 15 for folder in system._folders()):
        pytest.skip("no PostgreSQL 15 or later is installed on this machine")
    yield from somebodys({"embedded": embedded, "system": system}[request.param]._binaries)


def connected(server: LocalServer) -> "psycopg.Connection":
    return psycopg.connect(make_conninfo(**server.conninfo("template1", "supabase_admin")), autocommit=True)


def run(server: LocalServer, statements: str) -> None:
    with connected(server) as connection:
        execute_each(connection, statements)


def execute_each(connection: "psycopg.Connection", statements: str) -> None:
    for statement in statements.split(";"):
        connection.execute(statement.encode())


def everything(server: LocalServer) -> list[Any]:
    """What belongs to the server and not to one of its databases."""
    queries = (
        # A role that is valid for ever says so in one of two ways, of which only one can be written again.
        "select to_jsonb(r) || jsonb_build_object('rolvaliduntil', nullif(rolvaliduntil, 'infinity')), "
        "shobj_description(oid, 'pg_authid') from pg_authid r where rolname !~ '^pg_'",
        "select datname, datdba, datacl, shobj_description(oid, 'pg_database') from pg_database",
        "select setdatabase, setrole, unnest(setconfig) from pg_db_role_setting",
        "select roleid::regrole, member::regrole, admin_option from pg_auth_members",
    )
    with connected(server) as connection:
        return [sorted(connection.execute(query).fetchall(), key=str) for query in queries]


def url(server: LocalServer, user: str = "alice") -> str:
    return f"postgresql://{user}:{CANARY}@/postgres?host={server.folder}"


def engine(server: LocalServer, user: str = "alice") -> GivenEngine:
    return GivenEngine(url(server, user), "exposed", lambda secret: None)


def ask(guest: Guest, sql: str, user: str = "postgres") -> Any:
    with psycopg.connect(make_conninfo(**guest.conninfo(user=user)), autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchone()


def test_a_database_has_the_baseline_and_the_replaying_role(server: LocalServer) -> None:
    guest = engine(server).start()
    try:
        sql = "select current_user::text, current_setting('search_path'), to_regclass('auth.users') is not null"
        assert ask(guest, sql) == ("postgres", '"$user",public,extensions', True)
        assert ask(guest, "select rolsuper from pg_roles where rolname = current_user") == (True,)
        assert ask(guest, "select current_user::text", guest.superuser) == ("alice",)
        assert guest.working.startswith("seatrial_")
        assert not guest.renames
        assert engine(server).shared
        assert f"at {server.folder} (PostgreSQL 1" in guest.described
        assert CANARY not in guest.described
    finally:
        guest.stop()


@pytest.mark.parametrize("user", ["alice", "supabase_admin"])
def test_the_server_is_afterwards_as_it_was_whatever_migrations_do(server: LocalServer, user: str) -> None:
    before = everything(server)
    guest = engine(server, user).start()
    with psycopg.connect(make_conninfo(**guest.conninfo()), autocommit=True) as connection:
        execute_each(connection, MIGRATIONS)
        connection.execute(f'create database "{guest.named("clone")}" template template0'.encode())
        assert everything(server) != before

        guest.stop()  # also while somebody is connected
    guest.stop()
    assert everything(server) == before
    assert guest.ended()


def test_a_server_that_goes_away_is_noticed(server: LocalServer) -> None:
    guest = engine(server).start()
    assert not guest.ended()
    run(server, "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'seatrial%'")
    assert guest.ended()
    guest.stop()
    engine(server).start().stop()  # sweeps


def test_what_others_make_meanwhile_stays(server: LocalServer) -> None:
    before = everything(server)
    guest = engine(server).start()
    run(server, "create database seatrial_notes; create role newcomer login password 'y'; grant team to newcomer")
    guest.stop()

    with connected(server) as connection:
        assert connection.execute("select 1 from pg_roles where rolname = 'newcomer'").fetchone()
        assert connection.execute("select 1 from pg_database where datname = 'seatrial_notes'").fetchone()
    run(server, "drop database seatrial_notes; drop role newcomer")
    assert everything(server) == before


def test_two_runs_share_the_roles_and_the_last_one_drops_them(server: LocalServer) -> None:
    before = everything(server)
    with closing_all() as guests:
        guests += [engine(server).start(), engine(server).start()]
        guests[0].stop()
        there = "select to_regclass('auth.users') is not null, 'authenticated'::regrole is not null"
        assert ask(guests[1], there) == (True, True)
    assert everything(server) == before


@contextmanager
def closing_all() -> Iterator[list[Guest]]:
    guests: list[Guest] = []
    try:
        yield guests
    finally:
        for guest in guests:
            guest.stop()


KILLED = """
import sys, time
from fixtures.workbench.engines.given import GivenEngine
guest = GivenEngine(sys.argv[1], "exposed", lambda secret: None).start()
import psycopg
from psycopg.conninfo import make_conninfo
connection = psycopg.connect(make_conninfo(**guest.conninfo()), autocommit=True)
connection.execute("create role worker; create table t (); grant select on t to worker")
print("made", flush=True)
time.sleep(60)
"""


def test_what_a_killed_run_left_is_swept_by_the_next(server: LocalServer, repository: Path) -> None:
    before = everything(server)
    command = [sys.executable, "-c", KILLED, url(server)]
    with subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "made\n"
        process.kill()
    assert len(everything(server)[0]) > len(before[0])
    activity = "select count(*) from pg_stat_activity where application_name like 'seatrial%'"
    with connected(server) as connection:
        assert soon(lambda: connection.execute(activity.encode()).fetchone() == (0,))

    engine(server).start().stop()
    assert everything(server) == before


def test_who_may_not_make_databases_is_told(server: LocalServer) -> None:
    before = everything(server)
    with pytest.raises(
        Unobservable, match=r"login bob of --postgres may not make databases, roles and extensions: name"
    ):
        engine(server, "bob").start()
    assert everything(server) == before


def test_a_server_that_refuses_is_told_without_the_password(server: LocalServer) -> None:
    with pytest.raises(Unobservable, match=r"role \"nobody_here\" does not exist.*is --postgres right") as refused:
        engine(server, "nobody_here").start()
    assert CANARY not in str(refused.value)


BARE = '[environment]\nname = "bare"\nkind = "local"\n'


def test_a_run_leaves_the_server_as_it_was_and_tells_no_password(
    server: LocalServer, repository: Path, tmp_path: Path
) -> None:
    before = everything(server)
    (tmp_path / "bare.toml").write_text(BARE)
    command = [sys.executable, "-m", "pytest", "-m", "migrations", "-n", "2", "--app", "sandbox/ocean"]
    where = ["--env-file", str(tmp_path / "bare.toml"), f"--report={tmp_path / 'out'}"]
    ran = subprocess.run(
        [*command, *where, "--postgres", url(server)], cwd=repository, capture_output=True, text=True, timeout=60
    )

    assert "throwaway Postgres: the server of --postgres at" in ran.stdout
    assert CANARY not in ran.stdout + ran.stderr
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(written) > 3
    assert not [path for path in written if CANARY in path.read_text(errors="replace")]
    assert everything(server) == before


def test_names_of_databases_are_never_too_long() -> None:
    guest = Guest({"dbname": "x"})
    names = {guest.named(name) for name in ("a" * 60, "a" * 61, "a" * 200, "short")}
    assert len(names) == 4
    assert all(len(name) <= 63 and name.startswith("seatrial_") for name in names)
