"""A small healthy house of two tenants, faults and what only looks like one, and trying on clones of it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo

from fixtures.access.reading import catalog_of
from fixtures.tenancy.declared import Declared
from fixtures.tenancy.mining import mine
from fixtures.tenancy.populating import populate
from fixtures.trying.outcome import Trials
from fixtures.trying.trial import try_all
from fixtures.workbench.engines.local import LocalServer
from selftests.throwaway import running

TENANTS = """
revoke all on schema public from anon, authenticated;
alter default privileges for role postgres in schema public revoke all on tables from anon, authenticated;
alter default privileges for role postgres revoke execute on functions from public;
alter default privileges for role postgres in schema public revoke execute on functions from anon, authenticated;
grant usage on schema public to anon, authenticated, service_role;
create table public.orgs (id uuid primary key default gen_random_uuid(), name text not null);
create table public.members (
  org_id uuid not null references public.orgs on delete cascade,
  user_id uuid not null references auth.users on delete cascade,
  role text not null default 'member' check (role in ('member', 'admin', 'owner')), primary key (org_id, user_id));
create table public.docs (
  id uuid primary key default gen_random_uuid(), org_id uuid not null references public.orgs on delete cascade,
  title text not null, number bigint, unique (org_id, id));
create table public.plans (id text primary key, price integer not null);
create schema private;
grant usage on schema private to authenticated;
create function private.mine() returns setof uuid language sql stable security definer set search_path = ''
  as 'select org_id from public.members where user_id = (select auth.uid())';
create function private.managed() returns setof uuid language sql stable security definer set search_path = ''
  as 'select org_id from public.members where user_id = (select auth.uid()) and role in (''admin'', ''owner'')';
grant execute on all functions in schema private to authenticated;
alter table public.orgs enable row level security;
alter table public.members enable row level security;
alter table public.docs enable row level security;
alter table public.plans enable row level security;
grant select, insert, update, delete on public.docs, public.members to authenticated;
grant select on public.orgs, public.plans to authenticated;
grant all on all tables in schema public to service_role;
create policy seen on public.orgs for select to authenticated using (id in (select private.mine()));
create policy seen on public.plans for select to authenticated using (true);
create policy seen on public.members for select to authenticated using (org_id in (select private.mine()));
create policy made on public.members for insert to authenticated with check (org_id in (select private.managed()));
create policy changed on public.members for update to authenticated using (org_id in (select private.managed()));
create policy gone on public.members for delete to authenticated using (org_id in (select private.managed()));
create policy seen on public.docs for select to authenticated using (org_id in (select private.mine()));
create policy made on public.docs for insert to authenticated with check (org_id in (select private.mine()));
create policy changed on public.docs for update to authenticated using (org_id in (select private.mine()));
create policy gone on public.docs for delete to authenticated using (org_id in (select private.mine()));
"""
OPEN = (
    "create function public.{name} returns {returns} language sql security definer set search_path = '' as $${body}$$;"
)
FAULTS = {
    "select": ("stranger-select", "public.docs", "alter policy seen on public.docs using (true)"),
    "select-by-anon": (
        "anon-select", "public.docs",
        "grant select on public.docs to anon; create policy shown on public.docs for select to anon using (true)",
    ),
    "select-of-members": (
        "member-select", "public.docs",
        "alter policy seen on public.docs using (exists (select from private.mine()))",
    ),
    "insert": ("stranger-insert", "public.docs", "alter policy made on public.docs with check (true)"),
    "update": ("stranger-update", "public.docs", "alter policy changed on public.docs using (auth.uid() is not null)"),
    "delete-unseen": ("stranger-delete", "public.docs", "alter policy gone on public.docs using (true)"),
    "row-security-off": ("stranger-select", "public.docs", "alter table public.docs disable row level security"),
    "hop": ("hop", "public.docs", "alter policy changed on public.docs with check (true)"),
    "join": (
        "join", "public.members",
        "create policy joined on public.members for insert to authenticated with check (user_id = (select auth.uid()))",
    ),
    "promotion": (
        "promotion", "public.members",
        "create policy own on public.members for update to authenticated using (user_id = (select auth.uid()))"
        " with check (user_id = (select auth.uid()) and org_id in (select private.mine()))",
    ),
    "truncate": ("truncate", "public.docs", "grant truncate on public.docs to anon"),
    "common": (
        "stranger-delete", "public.plans",
        "insert into public.plans values ('free', 0); grant delete on public.plans to authenticated;"
        " create policy gone on public.plans for delete to authenticated using (true)",
    ),
    "view": ("views", "public.titles", "create view public.titles as select title from public.docs;"
             " grant select on public.titles to authenticated"),
    "copy": ("views", "public.counted", "create materialized view public.counted as select org_id, count(*)"
             " from public.docs group by 1; grant select on public.counted to authenticated"),
    "written-through": (
        "views", "public.all_docs",
        "create view public.all_docs as select * from public.docs; grant delete on public.all_docs to authenticated",
    ),
    "function-reads": (
        "functions", "public.found(uuid)",
        OPEN.format(name="found(p_org uuid)", returns="setof public.docs",
                    body="select * from public.docs where org_id = p_org")
        + "grant execute on function public.found(uuid) to authenticated",
    ),
    "function-counts": (
        "functions", "public.counted(uuid)",
        OPEN.format(name="counted(org uuid)", returns="bigint",
                    body="select count(*) from public.docs where org_id = org")
        + "grant execute on function public.counted(uuid) to anon",
    ),
    "function-writes": (
        "functions", "public.purge()",
        OPEN.format(name="purge()", returns="void", body="delete from public.docs")
        + "grant execute on function public.purge() to anon",
    ),
    "unique": ("references", "public.docs", "alter table public.docs add column slug text unique not null"),
    "reference": (
        "references", "public.docs",
        "create table public.files (id uuid primary key default gen_random_uuid(),"
        " org_id uuid not null references public.orgs); alter table public.files enable row level security;"
        " alter table public.docs add column file_id uuid references public.files",
    ),
    "trigger": (
        "member-insert", "public.docs",
        OPEN.format(name="told()", returns="trigger", body="").replace("language sql", "language plpgsql").replace(
            "$$$$", "$$begin update public.docs set title = 'told' where id <> new.id; return null; end$$")
        + "create trigger told after insert on public.docs for each row execute function public.told()",
    ),
    "trigger-elsewhere": (
        "member-insert", "public.docs",
        "alter table public.docs add column copy_to uuid;"
        "create table public.copies (id uuid primary key default gen_random_uuid(), org_id uuid not null"
        " references public.orgs, title text); alter table public.copies enable row level security;"
        "grant select on public.copies to authenticated;"
        "create policy seen on public.copies for select to authenticated using (org_id in (select private.mine()));"
        + OPEN.format(name="copied()", returns="trigger", body="").replace("language sql", "language plpgsql").replace(
            "$$$$", "$$begin if new.copy_to is not null then insert into public.copies (org_id, title)"
            " values (new.copy_to, new.title); end if; return null; end$$")
        + "create trigger copied after insert on public.docs for each row execute function public.copied()",
    ),
    "theft": (
        "member-update", "public.docs",
        "alter policy changed on public.docs using (true) with check (org_id in (select private.mine()))",
    ),
    "nobodys": (
        "stranger-insert", "public.docs",
        "alter table public.docs alter org_id drop not null;"
        " alter policy seen on public.docs using (org_id is null or org_id in (select private.mine()));"
        " alter policy made on public.docs with check (org_id is null or org_id in (select private.mine()))",
    ),
    "function-promotes": (
        "functions", "public.named(uuid,uuid,text)",
        OPEN.format(name="named(p_org uuid, p_user uuid, p_role text)", returns="void",
                    body="update public.members set role = p_role where org_id = p_org and user_id = p_user"
                    " and p_org in (select private.mine())")
        + "grant execute on function public.named(uuid, uuid, text) to authenticated",
    ),
    "moved-file": (
        "storage", "storage.objects",
        "insert into storage.buckets (id, name) values ('papers', 'papers');"
        "create policy seen on storage.objects for select to authenticated using (bucket_id = 'papers'"
        " and (storage.foldername(name))[1]::uuid in (select private.mine()));"
        "create policy moved on storage.objects for update to authenticated using (bucket_id = 'papers'"
        " and (storage.foldername(name))[1]::uuid in (select private.mine())) with check (bucket_id = 'papers')",
    ),
    "file": (
        "storage", "storage.objects",
        "insert into storage.buckets (id, name) values ('papers', 'papers');"
        "create policy seen on storage.objects for select to authenticated using (bucket_id = 'papers')",
    ),
}  # fmt: skip
"""By name: the case, what it must be found at, and the SQL that brings it."""
NEAR = {
    "named-again": "alter policy seen on public.docs using (org_id in (select private.mine()) and true)",
    "checked-twice": "alter policy changed on public.docs with check (org_id in (select private.mine()))",
    "invoker-view": "create view public.titles with (security_invoker = on) as select title from public.docs;"
    " grant select on public.titles to authenticated",
    "copy-of-nobodys": "create materialized view public.prices as select * from public.plans;"
    " insert into public.plans values ('free', 0); grant select on public.prices to anon",
    "asking-function": OPEN.format(
        name="found(p_org uuid)", returns="setof public.docs",
        body="select * from public.docs where org_id = p_org and org_id in (select private.mine())",
    ) + "grant execute on function public.found(uuid) to authenticated",
    "asking-counter": OPEN.format(
        name="counted(org uuid)", returns="bigint",
        body="select count(*) from public.docs where org_id = org and org_id in (select private.mine())",
    ) + "grant execute on function public.counted(uuid) to authenticated",
    "unique-in-a-tenant": "alter table public.docs add column slug text not null, add unique (org_id, slug)",
    "kept-column": "alter table public.members add column nickname text;"
    " revoke update on public.members from authenticated; grant update (nickname) on public.members to authenticated;"
    " create policy own on public.members for update to authenticated using (user_id = (select auth.uid()))",
    "own-rows-of-people": "create table public.notes (id uuid primary key default gen_random_uuid(), text text,"
    " user_id uuid not null references auth.users); alter table public.notes enable row level security;"
    " grant select, insert, update, delete on public.notes to authenticated;"
    " create policy own on public.notes to authenticated using (user_id = (select auth.uid()))",
}  # fmt: skip


@contextmanager
def tenants_server() -> Iterator[LocalServer]:
    """A server with the healthy database, from which `clone` takes."""
    with running() as started:
        with psycopg.connect(make_conninfo(**started.conninfo("template1")), autocommit=True) as connection:
            connection.execute("create database healthy template postgres")
        with psycopg.connect(make_conninfo(**started.conninfo("healthy")), autocommit=True) as connection:
            connection.execute(TENANTS)
        yield started


def clone(server: LocalServer, sql: str) -> str:
    """A new database with the healthy schema and this on top; gives its connection string."""
    name = f"tried_{uuid4().hex[:8]}"
    with psycopg.connect(make_conninfo(**server.conninfo("template1")), autocommit=True) as connection:
        connection.execute(f"create database {name} template healthy".encode())
    conninfo = make_conninfo(**server.conninfo(name))
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.encode())
    return conninfo


def tried(server: LocalServer, sql: str = "select", *, alone: bool = False, **options: bool) -> Trials:
    """What comes of trying; `alone`: in one transaction that is rolled back."""
    return asyncio.run(_tried(clone(server, sql), alone, options))


async def _tried(conninfo: str, alone: bool, options: dict[str, bool]) -> Trials:
    async def connect() -> psycopg.AsyncConnection[object]:
        return await psycopg.AsyncConnection.connect(conninfo, autocommit=True)

    async with await connect() as connection:
        if alone:
            async with connection.transaction(force_rollback=True):
                catalog = await catalog_of(connection)
                population = await populate(connection, catalog, mine(catalog, Declared()))

                async def itself() -> psycopg.AsyncConnection[object]:
                    return connection

                return await try_all(itself, catalog, population, at_once=1, **options)  # type: ignore[arg-type]  # options of try_all's own
        catalog = await catalog_of(connection)
        population = await populate(connection, catalog, mine(catalog, Declared()))
    return await try_all(connect, catalog, population, **options)  # type: ignore[arg-type]  # options of try_all's own
