"""Whose a row is, where it could be mistaken: published things, templates, new rows, the platform's own staff."""

from collections.abc import Iterator

import pytest

from fixtures.access.catalog import Policy, Relation
from fixtures.tenancy.declared import Declared
from fixtures.tenancy.serving import for_service_only, read_by_everybody
from fixtures.workbench.engines.local import LocalServer
from selftests.populated import ORGS, World, populated
from selftests.throwaway import running


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with running() as started:
        yield started


def test_a_template_of_nobodys_is_avoided_and_never_somebodys(server: LocalServer) -> None:
    check = "check ((kind = 'built_in') = (org_id is null))"
    sql = f"""{ORGS} create table chains (id int primary key, org_id uuid references orgs, created_by uuid,
        kind text not null check (kind in ('built_in', 'own')), {check});
      create table shared (id int primary key, org_id uuid references orgs check (org_id is null), created_by uuid);"""

    def sides(world: World) -> tuple[set[str], set[str]]:
        return {row.side for row in world.rows("chains")}, {row.side for row in world.rows("shared")}

    assert populated(server, sql, sides) == ({"A", "B"}, {""})


READ = "create policy read on posts for select using ({})"


@pytest.mark.parametrize("using", ["true", "published", "published or author_id = auth.uid()"])
def test_what_authors_publish_is_public_and_still_theirs(server: LocalServer, using: str) -> None:
    sql = f"""create table posts (id int primary key, published bool default true,
        author_id uuid references auth.users);
      alter table posts enable row level security; {READ.format(using)};"""

    def found(world: World) -> tuple[frozenset[str], list[str]]:
        return world.population.model.public, world.sides("posts")

    assert populated(server, sql, found) == ({"public.posts"}, ["A", "B"])


def test_what_belongs_to_a_user_is_not_public_because_everybody_reads_it(server: LocalServer) -> None:
    sql = """create table diaries (id int primary key, user_id uuid references auth.users);
      create policy read on diaries for select using (true);"""
    assert populated(server, sql, lambda world: world.population.model.public) == set()


def test_a_declared_public_table_keeps_whose_its_rows_are(server: LocalServer) -> None:
    sql = "create table people (id uuid primary key references auth.users, name text);"
    declared = Declared(public=("people",))
    assert {"A", "B", "stranger"} <= set(populated(server, sql, lambda world: world.sides("people"), declared))


def test_new_rows_that_everybody_sees_for_a_while_are_old_ones(server: LocalServer) -> None:
    sql = f"""{ORGS} create table notes (id int primary key, org_id uuid references orgs,
        created_at timestamptz not null default now());
      alter table notes enable row level security;
      create policy fresh on notes for select using (created_at > now() - interval '5 minutes');
      create policy own on notes for select using (org_id in (select my_orgs()));"""

    async def seen(world: World) -> tuple[set[str], set[str]]:
        return await world.sees("stranger", "notes"), await world.sees("owner-A", "notes")

    assert populated(server, sql, seen) == (set(), {"A"})


def test_where_nobody_can_tell_whose_rows_are_it_is_said(server: LocalServer) -> None:
    sql = """create table packages (id int primary key, handle text not null);
      create function may_change(package int) returns bool language sql stable as $$ select auth.uid() is not null $$;
      alter table packages enable row level security; create policy read on packages for select using (true);
      create policy change on packages for update using (auth.uid() is not null and may_change(id));"""
    assert "tenant_columns" in populated(server, sql, lambda world: world.population.blind["public.packages"])


def test_the_platforms_staff_is_in_the_organization_that_functions_name(server: LocalServer) -> None:
    sql = f"""{ORGS} create table audit (id int primary key);
      create function is_staff() returns bool language sql stable security definer set search_path = '' as $$
        select exists (select from public.memberships m join public.orgs o on o.id = m.org_id
          where m.user_id = auth.uid() and o.name = 'Harbour Office' and m.role = 'owner') $$;
      alter table audit enable row level security; create policy staff on audit using (is_staff());"""

    async def seen(world: World) -> list[set[str]]:
        return [await world.sees(name, "audit") for name in ("operator", "owner-A", "stranger")]

    assert populated(server, sql, seen) == [{""}, set(), set()]


def test_an_owner_has_a_role_that_policies_ask_for(server: LocalServer) -> None:
    sql = """create table families (id uuid primary key);
      create table family_members (family_id uuid references families, user_id uuid references auth.users,
        role text not null check (role in ('member', 'moderator', 'admin')), primary key (family_id, user_id));
      create table goals (id int primary key, family_id uuid references families);
      alter table goals enable row level security; create policy moderated on goals using (exists (select from
        family_members m where m.family_id = goals.family_id and m.user_id = auth.uid() and m.role = 'moderator'));"""

    async def seen(world: World) -> list[set[str]]:
        return [await world.sees(name, "goals") for name in ("owner-A", "member-A")]

    assert populated(server, sql, seen) == [{"A"}, set()]


def test_an_owner_stays_one_when_policies_name_another_role(server: LocalServer) -> None:
    sql = f"""{ORGS} create table bills (id int primary key, org_id uuid references orgs);
      create policy admins on bills using (org_id in (select m.org_id from memberships m
        where m.user_id = auth.uid() and m.role = 'admin'));"""

    def roles(world: World) -> set[str]:
        owner = world.population.personas["owner-A"].user
        return {row.values["role"] for row in world.rows("memberships") if row.user == owner}

    assert populated(server, sql, roles) == {"'owner'"}


def test_a_pair_of_ids_is_no_membership_beside_a_table_of_members(server: LocalServer) -> None:
    sql = f"""{ORGS} create table journeys (org_id uuid references orgs, user_id uuid references auth.users,
        primary key (org_id, user_id));
      create function journey() returns setof uuid language sql stable as
        $$ select org_id from public.journeys where user_id = auth.uid() $$;"""

    def members(world: World) -> list[str]:
        return [one.relation for one in world.population.model.memberships]

    assert populated(server, sql, members) == ["public.memberships"]


def test_an_owner_has_every_permission_that_policies_name(server: LocalServer) -> None:
    sql = f"""{ORGS} create table org_member_permissions (org_id uuid references orgs,
        user_id uuid references auth.users, permission text not null, unique (org_id, user_id, permission));
      create function has_permission(org uuid, wanted text) returns bool language sql stable security definer as $$
        select exists (select from public.org_member_permissions m
          where m.org_id = org and m.user_id = auth.uid() and m.permission = wanted) $$;
      create table bills (id int primary key, org_id uuid references orgs);
      create table staff (id int primary key, org_id uuid references orgs);
      alter table bills enable row level security; alter table staff enable row level security;
      create policy bills on bills using (has_permission(org_id, 'bills.read'));
      create policy staff on staff using (has_permission(org_id, 'staff.read'));"""

    async def seen(world: World) -> list[set[str]]:
        return [await world.sees(name, table) for name in ("owner-A", "member-A") for table in ("bills", "staff")]

    assert populated(server, sql, seen) == [{"A"}, {"A"}, set(), set()]


def policy(using: str, command: str = "SELECT") -> Policy:
    return Policy(name="p", command=command, permissive=True, roles=("public",), using=using)


OPEN = {
    "true": True,
    "(status = 'live'::text)": True,
    "((status = 'live'::text) OR (author = ( SELECT auth.uid() AS uid)))": True,
    "(author = auth.uid())": False,
    "((status = 'live'::text) AND public.may_see(id))": False,
    "(EXISTS ( SELECT 1 FROM public.members))": False,
    "(expires_at > CURRENT_TIMESTAMP)": True,
    "(owner = CURRENT_USER)": False,
    "false": False,
}


@pytest.mark.parametrize("using", OPEN)
def test_whether_everybody_reads(using: str) -> None:
    relation = Relation(
        oid=1, schema="public", name="t", kind="r", owner="o", sql="public.t", policies=(policy(using),)
    )
    assert read_by_everybody(relation) is OPEN[using]


SERVICE = {
    "(auth.role() = 'service_role'::text)": True,
    "((auth.jwt() ->> 'role'::text) = 'service_role'::text)": True,
    "((auth.role() = 'service_role'::text) OR (id = auth.uid()))": False,
    "(auth.role() = 'authenticated'::text)": False,
    "(role = 'service_role'::text)": False,
}


@pytest.mark.parametrize("using", SERVICE)
def test_whether_only_the_service_is_served(using: str) -> None:
    assert for_service_only(policy(using)) is SERVICE[using]
