"""Servers for the self-tests of the baseline: that of the wheel, and an older one if this machine has it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures import Unobservable
from fixtures.workbench.engines.local import LocalServer
from fixtures.workbench.engines.system import system
from selftests.throwaway import running

ENGINES = ("embedded", "system")


@contextmanager
def started(engine: str) -> Iterator[LocalServer]:
    """A server with the baseline; the test is skipped when this machine has no such programs."""
    if engine == "embedded":
        with running() as server:
            yield server
        return
    try:
        server = system().start()
    except Unobservable as reason:
        pytest.skip(str(reason))
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def hosted(engine: str) -> Iterator[LocalServer]:
    """A server on which `postgres` is as on a hosted project: no superuser."""
    with started(engine) as server:
        with connected(server, "supabase_admin") as admin:
            admin.execute("alter role postgres with nosuperuser")
        yield server


@contextmanager
def connected(
    server: LocalServer, user: str = "postgres", database: str = "postgres"
) -> Iterator["psycopg.Connection[Any]"]:
    """A connection in autocommit mode."""
    with psycopg.connect(make_conninfo(**server.conninfo(database, user)), autocommit=True) as connection:
        yield connection


@contextmanager
def scratch(server: LocalServer, user: str = "postgres") -> Iterator["psycopg.Connection[Any]"]:
    """A connection to a copy of the prepared database, which goes afterwards."""
    with connected(server, "supabase_admin", "template1") as admin:
        admin.execute("create database scratch template postgres owner postgres strategy file_copy")
    try:
        with connected(server, user, "scratch") as connection:
            yield connection
    finally:
        with connected(server, "supabase_admin", "template1") as admin:
            admin.execute("drop database scratch with (force)")


def asked(connection: "psycopg.Connection[Any]", sql: str) -> Any:
    """The only column of the only row."""
    row = connection.execute(sql.encode()).fetchone()
    assert row is not None and len(row) == 1
    return row[0]
