"""Reading a shared Postgres: connections are used again and leave nothing open; what is planned is one statement."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

from fixtures.facts import Unobservable
from fixtures.postgres.plain import has_a_source
from fixtures.postgres.reading import Reading
from selftests.test_roads import seen
from selftests.throwaway import running


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with running() as started:
        yield {name: str(value) for name, value in started.conninfo(user="supabase_admin").items()}


def test_variables_of_libpq_lead_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOSTADDR", "127.0.0.9")
    named = "host=localhost port=1 user=x password=y dbname=z"

    with pytest.raises(Unobservable, match=r"127\.0\.0\.1|::1"):
        asyncio.run(Reading(named, "it").rows("select 1"))
    with pytest.raises(psycopg.OperationalError, match=r"127\.0\.0\.9"):
        psycopg.connect(named, connect_timeout=3)


def test_looks_share_connections_and_leave_no_transaction_open(server: dict[str, str]) -> None:
    async def look() -> tuple[set[int], set[str], int]:
        reading = Reading(make_conninfo(**server), "it", keeps=True)
        pids = {(await reading.rows("select pg_backend_pid()"))[0][0] for _ in range(5)}
        async with await psycopg.AsyncConnection.connect(make_conninfo(**server)) as other:
            states = await _states(other)
            await other.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid = any(%s)", [[*pids]])
        await asyncio.sleep(0.1)
        again: int = (await reading.rows("select pg_backend_pid()"))[0][0]
        reading.close()
        return pids, states, again

    pids, states, again = asyncio.run(look())

    assert len(pids) == 1
    assert states == {"idle"}
    assert again not in pids


async def _states(other: psycopg.AsyncConnection[TupleRow]) -> set[str]:
    """Of our sessions, once none is in a transaction: its end is said without waiting, a busy server hears it later."""
    query = b"select state from pg_stat_activity where application_name = 'seatrial'"
    states: set[str] = set()
    for _ in range(100):
        states = {row[0] for row in await (await other.execute(query)).fetchall()}
        if states == {"idle"}:
            break
        await asyncio.sleep(0.05)
        await other.rollback()  # within one transaction the view does not change
    return states


@pytest.mark.parametrize(
    "statement", ["select 1; drop table public.t", "vacuum", "commit", "select 1 where", "create table x ()"]
)
def test_only_one_statement_that_reads_or_changes_rows_is_planned(statement: str, server: dict[str, str]) -> None:
    with pytest.raises(Unobservable, match="one statement that can be planned"):
        seen(Reading(make_conninfo(**server), "it"), lambda it: it.explained(statement, role="postgres", generic=True))


@pytest.mark.parametrize(
    ("query", "has_one"),
    [
        ("select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)", False),
        ("select 1", False), ("not sql", False),
        ("select id from public.plans where id = $1", True), ("select * from public.my_organizations()", True),
        ("select (select count(*) from public.plans)", True), ("with a as (select 1 from t) select 2", True),
    ],
)  # fmt: skip
def test_what_takes_rows_from_nowhere_is_no_query_to_plan(query: str, has_one: bool) -> None:
    assert has_a_source(query) is has_one
