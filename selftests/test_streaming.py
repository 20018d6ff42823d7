"""Rows of a query that has many come in pieces, of one moment, also through a pooler in transaction mode."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from fixtures.facts import Unobservable
from fixtures.postgres.reading import Reading
from fixtures.postgres.streaming import PIECE, streamed
from selftests.pooler import Pooler, needs_pgbouncer, pgbouncer
from selftests.running_sandbox import sandbox


@pytest.fixture(scope="module")
def conninfo() -> Iterator[str]:
    with sandbox() as started:  # a server that listens on a port, for the pooler
        address = started.variables["ADMIN_DATABASE_URL"]
        with psycopg.connect(address, autocommit=True) as admin:
            admin.execute("create role looker login superuser password 'looker'")
            admin.execute("create table public.many as select i from generate_series(1, 5000) as i")
        yield address


@pytest.fixture(scope="module")
def pooler(conninfo: str) -> Iterator[Pooler]:
    port = int(conninfo_to_dict(conninfo)["port"] or 0)
    with tempfile.TemporaryDirectory() as folder, pgbouncer(Path(folder), port, {"looker": "looker"}) as started:
        yield started


def sizes(conninfo: str, query: str, within: str = "5s") -> list[int]:
    """Of the pieces in which the rows come."""

    async def read() -> list[int]:
        async with Reading(conninfo, "the database").look() as look:
            return [len(piece) async for piece in streamed(look, query, within=within)]

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("count", "pieces"), [(0, []), (1, [1]), (PIECE, [PIECE]), (PIECE + 1, [PIECE, 1]), (2 * PIECE, [PIECE, PIECE])]
)
def test_rows_come_in_pieces(count: int, pieces: list[int], conninfo: str) -> None:
    assert sizes(conninfo, f"select i from generate_series(1, {count}) as i") == pieces


@needs_pgbouncer
def test_through_a_pooler_too(pooler: Pooler) -> None:
    for _ in range(2):  # the pool has one server connection: nothing of the first is in the way of the second
        assert sizes(pooler.conninfo("looker", "looker"), "select i from public.many") == [PIECE, PIECE, 1000]


def test_all_pieces_are_of_one_moment_and_the_look_goes_on_afterwards(conninfo: str) -> None:
    async def read() -> tuple[int, object]:
        found = 0
        async with Reading(conninfo, "the database").look() as look:
            async for piece in streamed(look, "select i from public.many", within="5s"):
                found += len(piece)
                with psycopg.connect(conninfo, autocommit=True) as other:
                    other.execute("insert into public.many select i from generate_series(1, 100) as i")
            (row,) = await look("select count(*) from public.many")
        return found, row[0]

    before = sizes(conninfo, "select count(*) from public.many")
    found, now = asyncio.run(read())

    assert before == [1]
    assert found == 5_000
    assert now == 5_300


def test_a_piece_that_takes_too_long_is_given_up(conninfo: str) -> None:
    with pytest.raises(Unobservable, match="statement timeout"):
        sizes(conninfo, "select pg_sleep(5)", within="100ms")


def test_nothing_can_be_written_by_it(conninfo: str) -> None:
    with pytest.raises(Unobservable, match="the database: "):
        sizes(conninfo, "with gone as (delete from public.many returning i) select i from gone")
