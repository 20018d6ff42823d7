"""A table that others use is emptied only when nobody has to wait for it; when that never comes, it is not green."""

import asyncio
import threading
from collections.abc import Iterator

import psycopg
import pytest

from fixtures.access.catalog import Relation
from fixtures.access.reading import catalog_of
from fixtures.trying.emptying import AGAIN, Emptying, blind_to_emptying
from fixtures.trying.runner import Result, Runner
from fixtures.workbench.engines.local import LocalServer
from selftests.trying_house import clone, tenants_server

OPEN = "grant truncate on public.docs to authenticated"
READING = "set lock_timeout = '400ms'; begin; select count(*) from public.docs"


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with tenants_server() as started:
        yield started


async def _emptied(conninfo: str, again: int = AGAIN) -> tuple[Relation, list[Result]]:
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        runner = Runner(connection)
        relation = (await catalog_of(connection)).relations["public.docs"]
        await runner.prepare([("stranger", "authenticated", {})], [relation.oid])
        return relation, await Emptying(shared=True, again=again).of(runner, relation)


def test_a_table_that_nobody_holds_is_emptied_and_full_again(server: LocalServer) -> None:
    conninfo = clone(server, OPEN)
    relation, results = asyncio.run(_emptied(conninfo))
    assert [result.sqlstate for result in results] == ["", ""]
    assert blind_to_emptying(relation, results) == []


def test_one_that_is_never_free_is_blind_and_others_go_on_reading(server: LocalServer) -> None:
    conninfo = clone(server, OPEN)
    with psycopg.connect(conninfo) as holder, psycopg.connect(conninfo, autocommit=True) as reader:
        holder.execute("select count(*) from public.docs")
        found: list[tuple[Relation, list[Result]]] = []
        work = threading.Thread(target=lambda: found.append(asyncio.run(_emptied(conninfo, 5))))
        work.start()
        while work.is_alive():
            reader.execute(READING)
            reader.execute("commit")
        work.join()

    relation, results = found[0]
    assert {result.sqlstate for result in results} == {"55P03"}
    (blind,) = blind_to_emptying(relation, results)
    assert (blind.about, blind.cases) == ("public.docs", ("truncate",))
    assert "lock timeout: run it again when the database is quieter" in blind.reason


def test_one_that_is_free_a_moment_later_is_tried_again(server: LocalServer) -> None:
    conninfo = clone(server, OPEN)
    with psycopg.connect(conninfo) as holder:
        holder.execute("select count(*) from public.docs")
        release = threading.Timer(0.6, holder.commit)
        release.start()
        _, results = asyncio.run(_emptied(conninfo))
        release.join()
    assert [result.sqlstate for result in results] == ["", ""]


def test_a_refusal_beside_a_stopped_statement_is_not_an_answer(server: LocalServer) -> None:
    conninfo = clone(server, OPEN)
    relation, results = asyncio.run(_emptied(conninfo))
    results[0].sqlstate, results[1].sqlstate = "0A000", "55P03"
    assert len(blind_to_emptying(relation, results)) == 1
    results[1].sqlstate = ""
    assert blind_to_emptying(relation, results) == []
