"""Rows for tables that make it hard: each obstacle that real schemas put in the way has its test."""

from collections.abc import Iterator

import pytest

from fixtures.workbench.engines.local import LocalServer
from selftests.populated import ORGS, World, populated
from selftests.tenant_schema import VARIANTS, Variant, schema
from selftests.throwaway import running

A_AND_B = ["A", "B"]


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with running() as started:
        yield started


def table(columns: str, name: str = "things") -> str:
    return f"{ORGS} create table {name} (id uuid primary key, org_id uuid not null references orgs, {columns});"


COLUMNS = {
    "check-list": "kind text not null check (kind in ('small', 'large'))",
    "check-range": "share numeric not null check (share > 0.25 and share <= 0.5)",
    "check-regex": "code text not null check (code ~ '^[A-Z]{3}-[0-9]{4}$' or code = 'ABC-1234')",
    "check-columns": "a text, b int, check ((a is null) <> (b is null)), check (a is null or a in ('x', 'y'))",
    "window": "begins timestamptz not null, ends timestamptz not null check (ends > begins),"
    " check (ends <= begins + interval '1 day')",
    "exclusion": "room int not null default 1, during tstzrange not null, exclude using gist (during with &&)",
    "unique": "code char(6) not null unique, place int not null unique",
    "identity": "number bigint generated always as identity, twice int generated always as (7 * 2) stored",
    "array-and-json": "tags text[] not null, extra jsonb not null check (jsonb_typeof(extra) = 'object')",
    "short": "country varchar(2) not null, note varchar(3) not null",
    "people": "author uuid not null references auth.users, other uuid not null references auth.users,"
    " check (author <> other)",
    "self": "parent_id uuid references things (id)",
    "ranges-and-nets": "during daterange not null, address inet not null, amount money not null, at time not null",
    "bytes": "secret bytea not null, bits bit(5) not null, stamp tsvector not null",
}  # fmt: skip


@pytest.mark.parametrize("columns", COLUMNS.values(), ids=COLUMNS.keys())
def test_columns_get_values_that_meet_their_conditions(server: LocalServer, columns: str) -> None:
    assert populated(server, table(columns), lambda world: world.sides("things")) == A_AND_B


def test_enums_domains_and_composites(server: LocalServer) -> None:
    types = """create type mood as enum ('glad', 'sad'); create type place as (street text, number int);
      create domain short as text not null check (length(value) between 2 and 6);"""
    columns = "mood mood not null, place place not null, short short"
    assert populated(server, types + table(columns), lambda world: world.sides("things")) == A_AND_B


def test_composite_keys_keep_the_side(server: LocalServer) -> None:
    sql = (
        table("unique (org_id, id)")
        + """create table parts (id int generated always as identity primary key,
      org_id uuid not null references orgs, thing_id uuid not null,
      foreign key (org_id, thing_id) references things (org_id, id));"""
    )

    def tied(world: World) -> set[bool]:
        things = {row.values["id"]: row.side for row in world.rows("things")}
        return {things[row.values["thing_id"]] == row.side for row in world.rows("parts")}

    assert populated(server, sql, tied) == {True}


def test_circles_are_made_where_one_key_may_be_null(server: LocalServer) -> None:
    sql = (
        table("first_part uuid")
        + """create table parts (id uuid primary key, thing_id uuid not null references things);
      alter table things add foreign key (first_part) references parts;"""
    )
    assert populated(server, sql, lambda world: world.sides("parts")) == A_AND_B


def test_two_parents_of_one_table_are_two_rows(server: LocalServer) -> None:
    sql = (
        table("note text")
        + """create table pairs (id uuid primary key, one uuid not null references things,
      two uuid not null references things, check (one <> two));"""
    )
    assert populated(server, sql, lambda world: world.sides("pairs")) == A_AND_B


def test_what_a_trigger_made_at_sign_up_is_adopted(server: LocalServer) -> None:
    sql = """create table profiles (id uuid primary key references auth.users, email text not null, plan text);
      create function welcome() returns trigger language plpgsql security definer as $$ begin
        insert into public.profiles (id, email) values (new.id, coalesce(new.email, '')); return new; end $$;
      create trigger welcome after insert on auth.users for each row execute function welcome();"""

    def adopted(world: World) -> tuple[set[str], set[bool]]:
        return {row.side for row in world.rows("profiles")}, {row.adopted for row in world.rows("profiles")}

    sides, made_by_trigger = populated(server, sql, adopted)
    assert sides == {"A", "B", "both", "stranger", "forged", "anonymous", "operator"}
    assert made_by_trigger == {True}


def test_a_profile_that_names_the_tenant_is_moved_into_it(server: LocalServer) -> None:
    sql = """create table companies (id bigint generated always as identity primary key, name text);
      create table profiles (id uuid primary key references auth.users, company_id bigint references companies,
        role text not null default 'user' check (role in ('user', 'admin', 'super_admin')));
      create function welcome() returns trigger language plpgsql security definer as
        $$ begin insert into public.profiles (id) values (new.id); return new; end $$;
      create trigger welcome after insert on auth.users for each row execute function welcome();"""

    def members(world: World) -> dict[str, tuple[bool, str]]:
        own = {side: f"'{keys['public.companies']}'" for side, keys in world.population.tenants.items()}
        names = {persona.user: name for name, persona in world.population.personas.items() if persona.user}
        return {
            names[row.user]: (row.values["company_id"] == own.get(row.side), row.values["role"])
            for row in world.rows("profiles")
        }

    found = populated(server, sql, members)
    assert found["member-A"] == (True, "'user'")
    assert found["owner-B"] == (True, "'admin'"), "within a tenant the most privileged, but not above all tenants"
    assert found["stranger"] == (False, "'user'")


def test_soft_keys_are_known_by_their_names(server: LocalServer) -> None:
    sql = ORGS + "create table notes (id serial primary key, organization_id uuid not null, user_id text not null);"

    def values(world: World) -> tuple[list[str], bool]:
        keys = {side: tenants["public.orgs"] for side, tenants in world.population.tenants.items()}
        return world.sides("notes"), all(
            row.values["organization_id"] == f"'{keys[row.side]}'" for row in world.rows("notes")
        )

    assert populated(server, sql, values) == ([*A_AND_B, "B"], True)


def test_a_single_row_that_is_there_is_nobodys(server: LocalServer) -> None:
    sql = """create table state (id int primary key default 1 check (id = 1), seen int);
      insert into state (seen) values (3);"""
    assert populated(server, sql, lambda world: [(row.side, row.adopted) for row in world.rows("state")]) == [
        ("", True)
    ]


def test_a_business_rule_is_met_with_the_claims_of_the_right_side(server: LocalServer) -> None:
    sql = (
        table("note text")
        + """create function rule() returns trigger language plpgsql as $$ begin
        if not exists (select from public.memberships where user_id = auth.uid() and org_id = new.org_id) then
          raise exception 'only members'; end if; return new; end $$;
      create trigger rule before insert on things for each row execute function rule();"""
    )

    def linked(world: World) -> list[tuple[str, bool]]:
        return sorted((row.side, row.unlinked) for row in world.rows("things"))

    assert populated(server, sql, linked) == [("A", False), ("B", False)]


def test_a_broken_trigger_is_told_and_gone_around(server: LocalServer) -> None:
    sql = (
        table("note text")
        + """create function stamp() returns trigger language plpgsql as
        $$ begin new.updated_at := now(); return new; end $$;
      create trigger stamp before insert on things for each row execute function stamp();"""
    )

    def told(world: World) -> tuple[list[tuple[str, str]], set[bool]]:
        broken = [(one.relation, one.sqlstate) for one in world.population.broken]
        return broken, {row.unlinked for row in world.rows("things")}

    assert populated(server, sql, told) == ([("public.things", "42703")], {True})


def test_a_sign_up_that_fails_is_told_once(server: LocalServer) -> None:
    sql = """create function welcome() returns trigger language plpgsql as
        $$ begin raise exception 'no room'; end $$;
      create trigger welcome after insert on auth.users for each row execute function welcome();"""

    def told(world: World) -> tuple[list[str], int]:
        return [one.message for one in world.population.broken], len(world.population.rows["auth.users"])

    assert populated(server, sql, told) == (["no room"], 11)


def test_what_cannot_be_made_is_blind_with_a_reason(server: LocalServer) -> None:
    sql = table("never int not null check (never > 5 and never < 3)")
    reason = populated(server, sql, lambda world: world.population.blind["public.things"])
    assert "things_never_check" in reason
    assert "factories" in reason


def test_nobody_who_tries_is_among_the_platforms_administrators(server: LocalServer) -> None:
    sql = "create table admin_users (user_id uuid primary key references auth.users);"
    assert populated(server, sql, lambda world: world.sides("admin_users")) == ["operator"]


def test_a_role_that_rules_everybody_is_the_least_one(server: LocalServer) -> None:
    sql = """create type app_role as enum ('admin', 'user');
      create table user_roles (user_id uuid not null references auth.users, role app_role not null,
        unique (user_id, role));"""
    assert populated(server, sql, lambda world: {row.values["role"] for row in world.rows("user_roles")}) == {"'user'"}


def test_partitions_have_rows_of_their_own(server: LocalServer) -> None:
    sql = (
        ORGS
        + """create table events (org_id uuid not null references orgs, at date not null) partition by range (at);
      create table events_old partition of events for values from ('2020-01-01') to ('2021-01-01');"""
    )
    assert populated(server, sql, lambda world: (world.sides("events"), world.sides("events_old"))) == (
        A_AND_B,
        A_AND_B,
    )


def test_text_ids_of_another_service_are_tenants_too(server: LocalServer) -> None:
    sql = """create table notes (id serial primary key, org_id text not null);
      alter table notes enable row level security;
      create policy own on notes using (org_id = (auth.jwt() ->> 'org_id'));"""

    async def seen(world: World) -> tuple[set[str], set[str]]:
        return await world.sees("owner-A", "notes"), await world.sees("stranger", "notes")

    assert populated(server, sql, seen) == ({"A"}, set())


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_healthy_schema_is_filled_and_seen_by_its_own_only(server: LocalServer, variant: Variant) -> None:
    async def look(world: World) -> tuple[dict[str, str], dict[str, str], set[str], set[str]]:
        population = world.population
        one = next(name for name in population.rows if name.startswith("public.notes"))
        own = await world.sees("member-A", one.removeprefix("public."))
        return population.blind, population.unseen, own, await world.sees("stranger", one.removeprefix("public."))

    assert populated(server, schema(20, variant), look) == ({}, {}, {"A"}, set())
