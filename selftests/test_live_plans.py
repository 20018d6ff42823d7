"""Queries planned where they run, and never run: which of them no index answers, and which do very well without one."""

from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
import respx
from psycopg.conninfo import make_conninfo

from fixtures.activity.pools import pools, read_pool_size
from fixtures.activity.room import read_disk
from fixtures.activity.sessions import Activity
from fixtures.contract.contract_file import read_contract_file
from fixtures.engine.api import Api
from fixtures.engine.http import Http
from fixtures.facts import Unobservable
from fixtures.plans.live import LivePlans, planned, read_schema, with_values
from fixtures.postgres.limits import Limits
from fixtures.postgres.reading import Reading
from fixtures.variables import Secret
from selftests.broken_answers import BROKEN, said
from selftests.test_activity import SERVER, SESSION
from selftests.test_roads import seen
from selftests.throwaway import running

SCHEMA = """
create table public.bills (id bigint primary key, team_id integer not null, state text not null, due date);
insert into public.bills
select n, n % 500, case when n % 100 = 0 then 'open' else 'paid' end, date '2026-01-01' + n % 365
  from generate_series(1, 5000) n;
create table public.few (id integer primary key, team_id integer, name text);
create index few_team_idx on public.few (team_id);
insert into public.few select n, n % 5, 'x' from generate_series(1, 50) n;
create table public.notes (id integer primary key, owner uuid, text text);
insert into public.notes select n, gen_random_uuid(), 'x' from generate_series(1, 50) n;
create index notes_gone_idx on public.notes (owner);
drop index public.notes_gone_idx;
analyze;
"""
BASE = "https://api.supabase.com/v1/projects/oceanoceanoceanocean"


@pytest.fixture(scope="module")
def conninfo() -> Iterator[str]:
    with running() as server:
        given = make_conninfo(**server.conninfo(user="supabase_admin"))
        with psycopg.connect(given, autocommit=True) as admin:
            admin.execute(SCHEMA.encode())
        yield given


def plans_of(conninfo: str, *texts: str, large: int = 1_000) -> LivePlans:
    wanted = [read_contract_file(f"seatrial/contract/{n}.sql", text) for n, text in enumerate(texts)]

    async def look(reading: Reading) -> LivePlans:
        return await planned(lambda role: reading, await read_schema(reading), wanted, large)

    return seen(Reading(conninfo, "the database"), look)[0]


@pytest.mark.parametrize(
    ("text", "create"),
    [
        ("-- critical\nselect id from public.bills where team_id = $1",
         "create index concurrently bills_team_id_idx on public.bills (team_id);"),
        ("-- critical\n-- $1: 7\nselect id from public.bills where team_id = $1",
         "create index concurrently bills_team_id_idx on public.bills (team_id);"),
        ("-- critical\n-- $1: 7\nselect id from public.bills where team_id = $1 order by due desc limit 5",
         "create index concurrently bills_team_id_due_idx on public.bills (team_id, due desc);"),
        ("-- uses: bills_wanted_idx\nupdate public.bills set due = now() where team_id = $1",
         "create index concurrently bills_wanted_idx on public.bills (team_id);"),
        ("-- uses: notes_gone_idx\nselect id from public.notes where owner = $1",
         "create index concurrently notes_gone_idx on public.notes (owner);"),
    ],
)  # fmt: skip
def test_a_query_that_no_index_answers(text: str, create: str, conninfo: str) -> None:
    found = plans_of(conninfo, text)

    assert (found.looked, [one.create for one in found.slow]) == (1, [create])
    assert "7" not in found.slow[0].filter


@pytest.mark.parametrize(
    "text",
    [
        "-- critical\nselect due from public.bills where id = $1",
        "-- critical\nselect count(*) from public.bills",
        "-- critical\nselect name from public.few where name = $1",
        "-- uses: few_renamed_idx\n-- $1: 3\nselect id from public.few where team_id = $1",
        "-- uses: few_team_idx\nselect id from public.few where team_id = $1",
        "-- uses: few_team_idx\n-- $1: 'x'\nselect id from public.few where team_id = $1 and name = 'a;b'",
    ],
)
def test_a_query_that_does_well(text: str, conninfo: str) -> None:
    found = plans_of(conninfo, text)

    assert (found.looked, found.slow) == (1, ())


def test_one_that_cannot_be_planned_does_not_hide_the_others(conninfo: str) -> None:
    wrong = "-- critical\nselect colour from public.bills"
    good = "-- critical\nselect id from public.bills where state = $1"

    found = plans_of(conninfo, wrong, good)

    assert (found.looked, len(found.slow), len(found.unplanned)) == (1, 1, 1)
    assert "colour" in found.unplanned[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("-- critical\nselect colour from public.bills", "colour"),
        ("-- critical\n-- role: nobody\nselect id from public.bills", "nobody"),
        ("-- critical\nselect * from generate_series(1, 3)", "into which it does not look"),
    ],
)
def test_nothing_is_known_when_none_can_be_planned(text: str, why: str, conninfo: str) -> None:
    with pytest.raises(Unobservable, match=why):
        plans_of(conninfo, text)


def test_planning_runs_nothing(conninfo: str) -> None:
    text = "-- critical\n-- $1: (select pg_sleep(30)::text)\ndelete from public.bills where state <> $1"
    assert plans_of(conninfo, text).looked == 1

    with psycopg.connect(conninfo) as connection:
        assert connection.execute("select count(*) from public.bills").fetchone() == (5000,)


def test_values_take_the_place_of_parameters_only() -> None:
    text = "select '$1', $1, $12 -- $1\nfrom t where a = $2"

    assert (
        with_values(text, {1: "'x'", 2: "(select 1)"}) == "select '$1', ('x'), $12 -- $1\nfrom t where a = ((select 1))"
    )


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[respx.MockRouter]:
    async def once(asked: Any, **_: float) -> Any:
        return await asked()

    monkeypatch.setattr("fixtures.engine.api.eventually", once)
    with respx.mock(assert_all_called=False) as router:
        yield router


def asked(look: Any) -> Any:
    async def looked(_: Reading) -> Any:
        return await look(Api(Http(), "Supabase", BASE, Secret("SUPABASE_ACCESS_TOKEN", "sbp_not_a_secret")))

    return seen(Reading("", ""), looked)[0]


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("path", ["/config/database/pooler", "/config/disk/util"])
def test_pool_and_disk_that_cannot_be_looked_at(path: str, broken: Any, api: respx.MockRouter) -> None:
    api.get(BASE + path).mock(**said(broken))

    with pytest.raises(Unobservable) as problem:
        asked(read_pool_size if path.endswith("pooler") else lambda api: read_disk(api, Limits()))

    assert path in str(problem.value)


@pytest.mark.parametrize("size", [None, 0])
def test_a_pool_without_a_size(size: int | None, api: respx.MockRouter) -> None:
    answer = [{"database_type": "PRIMARY", "default_pool_size": size}, {"database_type": "READ_REPLICA"}]
    api.get(BASE + "/config/database/pooler").mock(return_value=httpx.Response(200, json=answer))

    with pytest.raises(Unobservable, match="write pool_size under"):
        asked(read_pool_size)


def test_pools_are_those_of_a_login_and_what_is_idle_is_free() -> None:
    from msgspec.structs import replace

    pooled = [
        replace(SESSION, application="Supavisor", state=state) for state in ("active", "idle", "idle in transaction")
    ]
    other = replace(SESSION, application="Supavisor (auth_query)", role="pgbouncer", state="idle")

    found = pools(Activity(sessions=(*pooled, other, SESSION), server=SERVER, others=()), 15)

    assert [(one.subject, one.used) for one in found] == [
        ("pool authenticator at postgres", 2), ("pool pgbouncer at postgres", 0),
    ]  # fmt: skip


def test_where_no_pooler_is_known_its_pools_are_not() -> None:
    with pytest.raises(Unobservable, match="no session is known to be a pooler's"):
        pools(Activity(sessions=(SESSION,), server=SERVER, others=()), 15)
