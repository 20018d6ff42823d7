"""What a population is good for: personas that policies know, rows that their owners see, further rows, scripts."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures.access.reading import catalog_of
from fixtures.facts import Unobservable
from fixtures.tenancy import populating
from fixtures.tenancy.declared import Declared
from fixtures.tenancy.mining import mine
from fixtures.tenancy.populating import populate
from fixtures.workbench.engines.local import LocalServer
from selftests.populated import ORGS, World, populated
from selftests.throwaway import running


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with running() as started:
        yield started


def test_a_factory_makes_what_nobody_else_can(server: LocalServer) -> None:
    schema = f"""{ORGS} create table odd (org_id uuid references orgs,
      v text not null check (md5(v) = '54ef36ec71201fdf9d1423fd26f97f6b'));"""
    sql = "insert into odd values ('{tenant}', 'open sesame')"

    def sides(world: World) -> list[str]:
        return world.sides("odd")

    assert populated(server, schema, sides) == []
    assert populated(server, schema, sides, Declared(factories={"odd": sql})) == ["A", "B"]


def test_personas_carry_what_policies_ask_for(server: LocalServer) -> None:
    schema = (
        ORGS
        + """create table things (id int primary key, org_id uuid references orgs);
      create policy own on things using (org_id = (auth.jwt() -> 'user_metadata' ->> 'org_id')::uuid
        and (auth.jwt() ->> 'aal') = 'aal2');"""
    )

    def claims(world: World) -> tuple[bool, str, str, list[str]]:
        people, keys = world.population.personas, world.population.tenants
        forged = people["forged"].claims["user_metadata"]["org_id"] == keys["B"]["public.orgs"]
        return (
            forged,
            people["owner-A"].claims["aal"],
            people["owner-A-aal1"].claims["aal"],
            sorted(people["both"].sides),
        )

    assert populated(server, schema, claims) == (True, "aal2", "aal1", ["A", "B", "both"])


def test_further_rows_and_scripts_run(server: LocalServer) -> None:
    schema = (
        ORGS
        + """create table plans (id text primary key); insert into plans values ('free');
      create table things (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs,
        plan text references plans, code text not null unique, unique (org_id, code));"""
    )

    async def tried(world: World) -> tuple[int, dict[str, str] | None, str]:
        population = world.population
        columns = population.fresh("public.things", "A")
        await world.insert("things", columns or {})
        made = await world.connection.execute("select count(*) from things")
        again = population.fresh("public.memberships", "A", population.personas["member-A"].user)
        row = await made.fetchone()
        return row[0] if row else 0, again, population.script(world.rows("things")[:1])

    count, again, script = populated(server, schema, tried)
    assert (count, again) == (3, None)
    with psycopg.connect(make_conninfo(**server.conninfo())) as connection:
        connection.execute(schema.encode())
        connection.execute(script.encode())
        found = connection.execute("select count(*) from things join orgs on orgs.id = org_id").fetchone()
        connection.rollback()
    assert found == (1,)


def test_a_row_that_must_be_active_is_made_so(server: LocalServer) -> None:
    schema = (
        ORGS
        + """create table things (id int primary key, org_id uuid references orgs,
        status text default 'draft',        hidden bool not null default true);
      alter table things enable row level security;
      create policy own on things for select using (org_id in (select my_orgs()) and status = 'live' and not hidden);"""
    )

    async def seen(world: World) -> tuple[set[str], set[str], dict[str, str]]:
        return await world.sees("owner-A", "things"), await world.sees("stranger", "things"), world.population.unseen

    assert populated(server, schema, seen) == ({"A"}, set(), {})


def test_what_everybody_would_see_stays_unpublished(server: LocalServer) -> None:
    schema = (
        ORGS
        + """create table pages (id int primary key, org_id uuid references orgs,
        status text default 'draft');
      alter table pages enable row level security;
      create policy live on pages for select using (status = 'live');"""
    )
    unseen = populated(server, schema, lambda world: world.population.unseen)
    assert "tenants.toml" in unseen["public.pages"]


def test_somebody_in_both_tenants_has_written_something_in_one(server: LocalServer) -> None:
    schema = (
        ORGS
        + """create table notes (id int primary key, org_id uuid references orgs,
        created_by uuid references auth.users default auth.uid());"""
    )

    def authors(world: World) -> list[tuple[str, bool]]:
        both = world.population.personas["both"].user
        return [(row.side, row.user == both) for row in world.rows("notes")]

    assert populated(server, schema, authors) == [("A", False), ("B", False), ("B", True)]


def test_who_may_not_sign_people_up_is_told(server: LocalServer) -> None:
    async def run() -> None:
        async with await psycopg.AsyncConnection.connect(make_conninfo(**server.conninfo())) as connection:
            catalog = await catalog_of(connection)
            await connection.execute("set local session authorization anon")
            await populate(connection, catalog, mine(catalog, Declared()))

    with pytest.raises(Unobservable, match="throwaway"):
        asyncio.run(run())


def test_on_its_own_it_commits_table_by_table(server: LocalServer) -> None:
    async def run() -> tuple[int, int]:
        async with await psycopg.AsyncConnection.connect(
            make_conninfo(**server.conninfo()), autocommit=True
        ) as connection:
            names = [f"t{number:03}" for number in range(populating.AT_ONCE + 5)]
            tables = "".join(
                f"create table {name} (id int primary key, org_id uuid references orgs);" for name in names
            )
            await connection.execute((ORGS + tables).encode())
            catalog = await catalog_of(connection)
            population = await populate(connection, catalog, mine(catalog, Declared()))
            idle = connection.info.transaction_status
            await connection.execute(f"drop table {', '.join(names)}, orgs, memberships cascade".encode())
            await connection.execute("drop function my_orgs(); delete from auth.users")
            return idle, sum(len(population.rows[f"public.{name}"]) for name in names)

    assert asyncio.run(run()) == (0, 2 * (populating.AT_ONCE + 5))


def test_rows_get_through_the_conditions_of_views(server: LocalServer) -> None:
    schema = (
        ORGS
        + """create table deals (id int primary key, org_id uuid references orgs, stage text default 'new',
        won bool default false, closed_on date);
      alter table deals enable row level security; create policy own on deals
        using (org_id in (select my_orgs()));
      create view won_deals as select d.id, d.org_id from deals d where d.stage = 'closed' and d.won
        and extract(year from d.closed_on) = extract(year from current_date);
      grant select on won_deals to authenticated;"""
    )

    async def shown(world: World) -> tuple[int, set[str]]:
        found = await (await world.connection.execute("select count(*) from won_deals")).fetchone()
        return found[0] if found else 0, await world.sees("stranger", "deals")

    assert populated(server, schema, shown) == (2, set())
