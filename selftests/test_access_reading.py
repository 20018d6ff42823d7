"""A catalog is read as Postgres has it: by any login, on any connection, which is left as it was."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures.access.catalog import Catalog
from fixtures.access.reading import catalog_of, read_catalog
from fixtures.facts import Unobservable
from fixtures.postgres.reading import Reading
from fixtures.workbench.engines.local import LocalServer
from fixtures.workbench.engines.system import system
from selftests.throwaway import SECONDS, execute, running

T = TypeVar("T")
HOUSE = """
create schema "My App";
create role readers nologin;
create table public.owners (id integer primary key);
create table "My App"."Bills" (
  id integer generated always as identity primary key,
  owner integer references public.owners (id) on delete cascade,
  total integer not null default 0 check (total >= 0),
  twice integer generated always as (total * 2) stored,
  note text
);
create unique index on "My App"."Bills" (lower(note)) where note is not null;
create policy "Everybody reads" on "My App"."Bills" for select using (owner = 1);
alter table "My App"."Bills" enable row level security;
revoke all on "My App"."Bills" from anon, authenticated, service_role;
grant select (id, total), update (note) on "My App"."Bills" to authenticated;
grant insert on "My App"."Bills" to public;
grant select on public.owners to readers;
revoke all on public.owners from anon;
grant readers to anon;
create table public.logs (at date, body text) partition by range (at);
create table public.logs_now partition of public.logs default;
create table public.lines (log date, id integer primary key, parent integer references public.lines (id));
create view public.bills with (security_invoker = on) as select id, upper(note) as note from "My App"."Bills";
create function public.total_of(owner integer, out total bigint) language sql as 'select 1::bigint';
create function "My App".hidden() returns void language sql as '';
"""


@pytest.fixture(scope="module", params=["newest", "installed"])
def conninfo(request: pytest.FixtureRequest) -> Iterator[str]:
    """The newest Postgres, and the one of this machine's programs, which may be as old as 15."""
    with running() if request.param == "newest" else installed() as server:
        execute(server, HOUSE)
        yield make_conninfo(**server.conninfo())


@contextmanager
def installed() -> Iterator[LocalServer]:
    try:
        server = system().start(within=SECONDS)
    except Unobservable as missing:
        pytest.skip(str(missing))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def catalog(conninfo: str) -> Catalog:
    return on(conninfo, catalog_of)


def on(conninfo: str, look: Callable[[psycopg.AsyncConnection[Any]], Awaitable[T]]) -> T:
    async def run() -> T:
        connection = await psycopg.AsyncConnection.connect(conninfo, autocommit=True)
        try:
            return await look(connection)
        finally:
            await connection.close()

    return asyncio.run(run())


def test_a_relation_is_as_it_was_made(catalog: Catalog) -> None:
    bills = catalog.relations['"My App"."Bills"']

    assert [(c.name, c.not_null, c.default, c.generated, c.identity) for c in bills.columns] == [
        ("id", True, "", False, "a"),
        ("owner", False, "", False, ""),
        ("total", True, "0", False, ""),
        ("twice", False, "(total * 2)", True, ""),
        ("note", False, "", False, ""),
    ]
    assert [(k.kind, k.columns, k.parent, k.on_delete, k.expression) for k in bills.constraints if k.kind in "fc"] == [
        ("f", (2,), "public.owners", "c", ""),
        ("c", (3,), "", " ", "(total >= 0)"),
    ]
    (index,) = (each for each in bills.indexes if each.predicate)
    assert (index.columns, index.unique) == ((0,), True)
    (policy,) = bills.policies
    assert (policy.command, policy.roles, policy.using, policy.check) == ("SELECT", ("public",), "(owner = 1)", None)
    assert (bills.subject, bills.row_security, bills.forced) == ("My App.Bills", True, False)


def test_privileges_are_what_comes_of_grants(catalog: Catalog) -> None:
    bills, owners = catalog.relations['"My App"."Bills"'], catalog.relations["public.owners"]

    assert bills.privileges["anon"] == {"INSERT"}  # through PUBLIC
    assert bills.column_privileges["authenticated"] == {
        "SELECT": {1, 3}, "UPDATE": {5}, "INSERT": {1, 2, 3, 4, 5},
    }  # fmt: skip
    assert bills.may("authenticated", "UPDATE")
    assert not bills.may("anon", "SELECT")
    assert owners.privileges["anon"] == {"SELECT"}  # through a membership
    assert ("public", "INSERT") in bills.granted


def test_default_privileges_are_told_from_grants(catalog: Catalog) -> None:
    assert catalog.relations["public.lines"].by_default
    assert not catalog.relations["public.owners"].by_default


def test_views_and_partitions_know_where_their_rows_are(catalog: Catalog) -> None:
    assert catalog.relations["public.bills"].reads == ('"My App"."Bills"',)
    assert catalog.relations["public.bills"].options == ("security_invoker=on",)
    partition = catalog.relations["public.logs_now"]
    assert (partition.partition, partition.parents) == (True, ("public.logs",))


def test_functions_are_called_by_those_who_may_use_their_schema(catalog: Catalog) -> None:
    total, hidden = catalog.functions["public.total_of(integer)"], catalog.functions['"My App".hidden()']

    assert (total.argument_names, total.output_names) == (("owner",), ("total",))
    assert total.callers >= {"anon", "authenticated"}
    assert hidden.callers == frozenset()
    assert ("public", "EXECUTE") in hidden.granted


def test_memberships_go_all_the_way(catalog: Catalog) -> None:
    authenticator = catalog.roles["authenticator"]

    assert authenticator.member_of >= {"anon", "authenticated", "service_role", "readers"}
    assert not authenticator.heir_of & {"anon", "service_role"}  # NOINHERIT
    assert "readers" in catalog.roles["anon"].heir_of


@pytest.mark.parametrize("role", ["authenticator", "supabase_read_only_user"])
def test_any_login_reads_the_same_but_for_buckets(role: str, catalog: Catalog, conninfo: str) -> None:
    async def look(connection: psycopg.AsyncConnection[Any]) -> Catalog:
        await connection.execute("set role " + role)
        return await catalog_of(connection)

    seen = on(conninfo, look)

    assert (seen.relations, seen.functions, seen.roles) == (catalog.relations, catalog.functions, catalog.roles)
    assert seen.types == catalog.types
    if role == "authenticator":
        assert seen.buckets is None
        assert "storage.buckets" in seen.unread["buckets"]
    else:
        assert (seen.buckets, seen.unread) == ((), {})


def test_the_connection_is_left_as_it_was(conninfo: str) -> None:
    async def look(connection: psycopg.AsyncConnection[Any]) -> tuple[object, ...]:
        await connection.execute("set search_path = 'My App'")
        await connection.execute("set jit = on")
        await connection.execute("begin")
        await connection.execute("create table public.uncommitted ()")
        seen = await catalog_of(connection)
        cursor = await connection.execute("select current_setting('search_path'), current_setting('jit')")
        row = await cursor.fetchone()
        return "public.uncommitted" in seen.relations, connection.info.transaction_status.name, *(row or ())

    assert on(conninfo, look) == (True, "INTRANS", '"My App"', "on")


def test_a_reading_reads_the_same_and_what_is_exposed_is_said(catalog: Catalog, conninfo: str) -> None:
    async def look(exposed: tuple[str, ...], configured: tuple[str, ...]) -> Catalog:
        async with Reading(conninfo, "the database").look() as ask:
            return await read_catalog(ask, exposed, configured)

    assert asyncio.run(look((), ())) == catalog
    assert catalog.exposed == ("public", "graphql_public")
    assert asyncio.run(look((), ("My App", "public"))).exposed == ("My App", "public")
    assert asyncio.run(look(("other",), ("My App",))).exposed == ("other",)
