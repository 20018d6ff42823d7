"""Every kind of drift is seen under its subject, and the SQL that is shown takes it back."""

import asyncio
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures.fingerprint.difference import Difference, differences
from fixtures.fingerprint.snapshot import Snapshot, snapshot
from fixtures.postgres.reading import Reading
from fixtures.workbench.engines.server import Server
from selftests.migration_catalogue import APP
from selftests.throwaway import running

FOLDER = Path(__file__).parent / "drift"


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing done to a database by hand."""

    sql: str
    names: list[str]
    unmendable: bool = False
    roles: bool = False


KINDS = msgspec.convert(tomllib.loads((FOLDER / "kinds.toml").read_text(encoding="utf-8")), dict[str, Kind])


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server whose database `postgres` is Harbour, with an object of every other kind."""
    with running() as server:
        for file in (*sorted((APP / "supabase/migrations").iterdir()), FOLDER / "more.sql"):
            _run(server, "postgres", file.read_text(encoding="utf-8"))
        yield server


@pytest.fixture(scope="module")
def sound(server: Server) -> Snapshot:
    """What the migrations make."""
    with _copy(server) as database:
        return _snapshot(server, database)


def test_a_copy_differs_in_nothing(server: Server, sound: Snapshot) -> None:
    with _copy(server) as database:
        assert differences(_snapshot(server, database), sound) == ()


@pytest.mark.parametrize("name", KINDS)
def test_kind(server: Server, sound: Snapshot, name: str) -> None:
    kind = KINDS[name]
    with _copy(server) as database:
        _run(server, database, kind.sql)
        seen = differences(_snapshot(server, database), sound)

        assert [one for one in seen if all(word in one.subject for word in kind.names)], [one.subject for one in seen]

        for one in seen:
            _mend(server, database, one)
        left = differences(_snapshot(server, database), sound)

    assert [one.subject for one in left] == ([one.subject for one in seen] if kind.unmendable else [])
    if kind.unmendable:
        assert all(line.startswith("--") for one in seen for line in one.sql.splitlines())


def _mend(server: Server, database: str, difference: Difference) -> None:
    assert difference.sql.strip(), difference
    _run(server, database, difference.sql)


def _snapshot(server: Server, database: str) -> Snapshot:
    reading = Reading(make_conninfo(**server.conninfo(database)), "the database of this test")
    return asyncio.run(snapshot(reading))


def _run(server: Server, database: str, sql: str) -> None:
    with psycopg.connect(make_conninfo(**server.conninfo(database)), autocommit=True) as connection:
        connection.execute(sql.encode())


@contextmanager
def _copy(server: Server) -> Iterator[str]:
    _run(server, "template1", "create database trial template postgres strategy file_copy")
    try:
        yield "trial"
    finally:
        _run(server, "template1", "drop database trial")
