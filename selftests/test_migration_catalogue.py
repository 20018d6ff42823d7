"""Every fault of the catalogue is one, and its good twin is none: shown on a server, without any of our checks."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures.workbench.engines.server import Server
from selftests.migration_catalogue import APP, CLASSES, FOLDER, Files, Side, migrations, rows
from selftests.throwaway import running

ROWS = rows()
ALONE = re.compile(r"^[^']*\bconcurrently\b|^(vacuum|cluster)\b|^(begin|commit);", re.MULTILINE)
"""What a transaction around it would refuse, or end. Such files hold no semicolon inside a statement."""
ROLES = (
    "select (select array_agg(r order by oid) from pg_roles r), (select array_agg(m order by m) from pg_auth_members m)"
)
Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server whose database `postgres` is Harbour in use."""
    with running() as server:
        with _connected(server, "postgres") as connection:
            files = sorted((APP / "supabase/migrations").iterdir())
            for file in (*files, APP / "supabase/seed.sql", FOLDER / "rows.sql", FOLDER / "truth.sql"):
                connection.execute(file.read_bytes())
            connection.execute("create role hosted login")
            connection.execute("grant postgres to hosted")
        yield server


def _with(key: str) -> list[str]:
    return [name for name, row in ROWS.items() if getattr(row, key)]


@pytest.mark.parametrize("name", _with("shows"))
def test_it_shows_before_the_transaction_ends(server: Server, name: str) -> None:
    row = ROWS[name]

    assert _shown(server, row.bad, row.shows) == [True]
    assert True not in _shown(server, row.good, row.shows)


@pytest.mark.parametrize("name", _with("leaves"))
def test_it_leaves_something(server: Server, name: str) -> None:
    row = ROWS[name]

    assert _left(server, row.bad, row.leaves)
    assert not _left(server, row.good, row.leaves)


@pytest.mark.parametrize("name", _with("fails"))
def test_it_fails_on_a_database_in_use(server: Server, name: str) -> None:
    row = ROWS[name]

    assert _state(server, migrations(row.bad)) == row.fails
    assert _state(server, migrations(row.good)) is None


@pytest.mark.parametrize("name", _with("fails_on_seed"))
def test_it_fails_on_the_seed(server: Server, name: str) -> None:
    row, seed = ROWS[name], (APP / "supabase/seed.sql").read_text(encoding="utf-8")

    assert _state(server, [*migrations(row.bad), seed]) == row.fails_on_seed
    assert _state(server, [*migrations(row.good), seed]) is None


@pytest.mark.parametrize("name", _with("fails_as_hosted"))
def test_it_fails_as_a_role_that_is_no_superuser(server: Server, name: str) -> None:
    row = ROWS[name]

    assert _state(server, migrations(row.bad), user="hosted") == row.fails_as_hosted
    with _connected(server, "postgres") as connection, connection.transaction(force_rollback=True):
        assert [_attempt(connection, text) for text in migrations(row.bad)] == [None], "a superuser may"


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if isinstance(row.bad, Files)])
def test_a_seed_that_runs_twice(server: Server, name: str) -> None:
    row = ROWS[name]

    assert _changes_when_repeated(server, row.bad)
    assert not _changes_when_repeated(server, row.good)


def test_a_concurrent_build_that_failed_is_taken_for_done(server: Server) -> None:
    row = ROWS["A09-invalid-index"]
    valid = "(select indisvalid from pg_index where indexrelid = 'public.profiles_email_key'::regclass)"
    with _copy(server) as database, _connected(server, database) as connection:
        connection.execute("update public.profiles set email = 'one@harbour.example'")
        outcomes = [_attempt(connection, text) for text in (*migrations(row.bad), *migrations(row.bad))]

        assert outcomes == ["23505", None]
        assert not _answer(connection, valid)
        assert [_attempt(connection, text) for text in migrations(row.good)] == ["23505"]


def test_every_row_is_shown_or_says_why_not() -> None:
    for name, row in ROWS.items():
        evidence = (row.shows, row.leaves, row.fails, row.fails_on_seed, row.fails_as_hosted, row.unproven)
        assert sum(map(bool, evidence)) == (0 if isinstance(row.bad, Files) else 1), name
        assert row.kind in CLASSES, name


def _shown(server: Server, side: Side, question: str) -> list[bool]:
    """The answers after each file, before its transaction ends where it can be one."""
    texts = migrations(side)
    if len(texts) == 1 and not ALONE.search(texts[0]):
        with _connected(server, "postgres") as connection:
            return [_inside(connection, texts[0], question, "rollback")]
    with _copy(server) as database:
        return [_after(server, database, text, question) for text in texts]


def _after(server: Server, database: str, text: str, question: str) -> bool:
    with _connected(server, database) as connection:
        if not ALONE.search(text):
            return _inside(connection, text, question, "commit")
        assert _attempt(connection, text) is None
        return _answer(connection, question)


def _inside(connection: Connection, text: str, question: str, end: str) -> bool:
    connection.execute("begin")
    connection.execute(text.encode())
    answer = _answer(connection, question)
    connection.execute(end.encode())
    return answer


def _left(server: Server, side: Side, question: str) -> bool:
    with _copy(server) as database:
        with _connected(server, database) as connection:
            for text in migrations(side):
                with suppress(psycopg.Error):
                    _send(connection, text)
        with _connected(server, database) as connection:
            return _answer(connection, question)


def _state(server: Server, texts: Sequence[str], user: str = "postgres") -> str | None:
    with _copy(server) as database, _connected(server, database, user) as connection:
        return next((state for state in (_attempt(connection, text) for text in texts) if state), None)


def _changes_when_repeated(server: Server, side: Side) -> bool:
    assert isinstance(side, Files)
    (seed,) = side.files.values()
    count = "select (select count(*) from public.organizations), (select sum(hits) from public.rate_limits)"
    with _copy(server) as database, _connected(server, database) as connection:
        seen = []
        for _ in range(2):
            if _attempt(connection, seed):
                return True
            seen.append(connection.execute(count.encode()).fetchone())
        return seen[0] != seen[1]


def _attempt(connection: Connection, text: str) -> str | None:
    """The SQLSTATE with which a file ends; None: it ran."""
    try:
        _send(connection, text)
    except psycopg.Error as error:
        return error.sqlstate
    return None


def _send(connection: Connection, text: str) -> None:
    for part in text.split(";\n") if ALONE.search(text) else [text]:
        connection.execute(part.encode())


def _answer(connection: Connection, question: str) -> bool:
    row = connection.execute(f"select ({question})".encode()).fetchone()
    return row is not None and row[0] is True


@contextmanager
def _connected(server: Server, database: str, user: str = "postgres") -> Iterator[Connection]:
    connection = psycopg.connect(make_conninfo(**server.conninfo(database, user)), autocommit=True)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def _copy(server: Server) -> Iterator[str]:
    with _connected(server, "template1") as connection:
        connection.execute("create database trial template postgres strategy file_copy")
        roles = connection.execute(ROLES).fetchall()
    try:
        yield "trial"
    finally:
        with _connected(server, "template1") as connection:
            connection.execute("drop database trial")
            assert connection.execute(ROLES).fetchall() == roles, "roles are the server's: who comes next has them too"
