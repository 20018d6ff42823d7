"""Every fault of row_faults is one, and its good twin is none: shown on a server, without any of our checks."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures.workbench.engines.server import Server
from selftests.row_faults import TRUTH, rows
from selftests.tenant_schema import schema
from selftests.throwaway import running

ROWS = rows()
Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server whose database `postgres` is the healthy schema, in use by two tenants."""
    with running() as server:
        with _connected(server) as connection:
            for text in (schema(), TRUTH.read_text(encoding="utf-8")):
                connection.execute(text.encode())
            connection.commit()
        yield server


@pytest.mark.parametrize("name", ROWS)
def test_it_shows(server: Server, name: str) -> None:
    assert _shown(server, ROWS[name].bad, ROWS[name].shows)


@pytest.mark.parametrize("name", ROWS)
def test_the_healthy_schema_does_not_show_it(server: Server, name: str) -> None:
    assert not _shown(server, "", ROWS[name].shows)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.good])
def test_its_twin_does_not_show_it(server: Server, name: str) -> None:
    assert not _shown(server, ROWS[name].good, ROWS[name].shows)


def _shown(server: Server, text: str, question: str) -> bool:
    """Whether the answer is yes, in a transaction that is not kept; about a relation that is not there it is no."""
    with _connected(server) as connection:
        connection.execute(text.encode())
        try:
            row = connection.execute(f"select ({question})".encode()).fetchone()
        except psycopg.errors.UndefinedTable:
            return False
        finally:
            connection.rollback()
        return row is not None and row[0] is True


def _connected(server: Server) -> Connection:
    return psycopg.connect(make_conninfo(**server.conninfo()))
