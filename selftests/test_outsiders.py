"""What outsiders see: rows and refusals are told apart, and a login that sees everything is not asked."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest
from msgspec.structs import replace
from psycopg.conninfo import make_conninfo

from fixtures.access.catalog import Relation
from fixtures.access.reading import read_catalog
from fixtures.facts import Unobservable
from fixtures.outsiders.by_sql import PAGES, Glimpse, Person, _question, glimpses_by_sql, of_private
from fixtures.postgres.reading import Reading
from fixtures.workbench.engines.server import Server
from selftests.throwaway import running

SCHEMA = """
create table public.secrets (id integer primary key, whose uuid default gen_random_uuid());
create table public.notes (id integer primary key, text text, hidden text);
create table public.ours (id integer primary key, whose uuid);
create table public.twisted (id integer primary key);
create view public.all_secrets as select * from public.secrets;
create view public.own_secrets with (security_invoker = true) as select * from public.secrets;
alter table public.secrets enable row level security;
alter table public.notes enable row level security;
alter table public.ours enable row level security;
alter table public.twisted enable row level security;
revoke all on public.notes, public.twisted, public.secrets from anon, authenticated;
grant select (id, text) on public.notes to anon;
grant select on public.twisted to authenticated;
create policy notes on public.notes for select to anon using (true);
create policy ours on public.ours for select to authenticated using (whose = (select auth.uid()));
create policy twisted on public.twisted for select to authenticated using (id in (select id from public.twisted));
insert into public.secrets (id) values (1);
insert into public.notes values (1, 'a', 'b');
insert into public.ours values (1, gen_random_uuid());
insert into public.twisted values (1);
create role outsider login noinherit;
grant anon, authenticated to outsider;
create role nobody login;
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as server:
        with psycopg.connect(make_conninfo(**server.conninfo()), autocommit=True) as connection:
            connection.execute(SCHEMA.encode())
        yield server


def _look(server: Server, person: Person, login: str = "outsider") -> dict[str, Glimpse]:
    async def look() -> tuple[Glimpse, ...]:
        reading = Reading(make_conninfo(**server.conninfo(user="postgres")), "it")
        async with reading.look() as one:
            catalog = await read_catalog(one, ["public"])
        return await glimpses_by_sql(Reading(make_conninfo(**server.conninfo(user=login)), "it"), catalog, person)

    return {glimpse.relation: glimpse for glimpse in asyncio.run(look())}


def test_anon_sees_what_a_policy_shows_also_by_single_columns_and_through_a_view(server: Server) -> None:
    seen = {name: glimpse.answer for name, glimpse in _look(server, "anon").items() if name.startswith("public.")}

    assert seen == {
        "public.secrets": "refused", "public.notes": "rows", "public.ours": "none", "public.twisted": "refused",
        "public.all_secrets": "rows", "public.own_secrets": "refused",
    }  # fmt: skip


def test_a_policy_that_fails_is_not_taken_for_a_refusal_and_spoils_no_other(server: Server) -> None:
    seen = _look(server, "stranger")

    assert seen["public.twisted"].answer == "unknown"
    assert "infinite recursion" in seen["public.twisted"].why
    assert seen["public.ours"].answer == "none"


def test_a_login_that_sees_everything_is_not_asked(server: Server) -> None:
    with pytest.raises(Unobservable, match="bypasses row-level security"):
        _look(server, "anon", login="postgres")


def test_a_login_that_cannot_become_anon_says_how_to_make_one(server: Server) -> None:
    with pytest.raises(Unobservable, match="grant anon, authenticated to seatrial_outsider"):
        _look(server, "anon", login="nobody")


def test_of_a_large_table_some_pages_are_read(server: Server) -> None:
    async def relation() -> Relation:
        async with Reading(make_conninfo(**server.conninfo()), "it").look() as look:
            return (await read_catalog(look, ["public"])).relations["public.secrets"]

    small = asyncio.run(relation())
    large = replace(small, pages=PAGES * 1000)

    assert "tablesample system (100)" in _question(small)
    assert "tablesample system (0.1)" in _question(large)


def test_what_is_public_is_left_out_and_nothing_private_is_no_pass() -> None:
    plans = Glimpse(relation="public.plans", person="anon", road="sql", answer="rows")
    lost = Glimpse(relation="public.lost", person="anon", road="sql", answer="unknown", why="it broke")

    with pytest.raises(Unobservable, match="no private relation"):
        of_private((plans,), ["public.plans"])
    with pytest.raises(Unobservable, match=r"public\.lost: it broke"):
        of_private((plans, lost), ["public.plans"])
    assert of_private((lost, plans), [])[0] == plans
