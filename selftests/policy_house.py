"""A small schema whose policies are sound, and what reading finds wrong with it after it was changed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import make_conninfo

from fixtures.access.catalog import Catalog
from fixtures.access.reading import catalog_of
from fixtures.access.weakness import Weakness
from fixtures.policies.rules import weaknesses
from fixtures.workbench.engines.server import Server
from selftests.throwaway import running

HOUSE = """
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke execute on functions from public, anon, authenticated;
create schema private;
grant usage on schema private to anon, authenticated;
create table public.orgs (id uuid primary key default gen_random_uuid(), name text not null, is_internal boolean);
create table public.memberships (
  org_id uuid not null references public.orgs, user_id uuid not null references auth.users, role text not null,
  primary key (org_id, user_id)
);
create table public.profiles (id uuid primary key references auth.users, handle text, phone text);
create table public.badges (id uuid primary key references auth.users, handle text);
create table public.notes (
  id bigint generated always as identity primary key, org_id uuid not null references public.orgs,
  author_id uuid not null references auth.users, body text, status text
);
create index on public.notes (org_id);
create index on public.notes (author_id);
create table public.comments (id bigint primary key, note_id bigint not null references public.notes, body text);
create index on public.comments (note_id);
create table public.plans (id text primary key, title text);
create table public.staff (user_id uuid primary key references auth.users, kind text);
create function private.my_orgs() returns setof uuid language sql stable security definer set search_path = '' as
  $$ select org_id from public.memberships where user_id = (select auth.uid()) $$;
create function private.orgs_i_own() returns setof uuid language sql stable security definer set search_path = '' as
  $$ select org_id from public.memberships where user_id = (select auth.uid()) and role = 'owner' $$;
alter table public.orgs enable row level security;
alter table public.memberships enable row level security;
alter table public.profiles enable row level security;
alter table public.badges enable row level security;
alter table public.notes enable row level security;
alter table public.comments enable row level security;
alter table public.plans enable row level security;
alter table public.staff enable row level security;
grant select on public.orgs, public.profiles, public.badges, public.comments, public.plans to authenticated;
grant select on public.plans to anon;
grant select, insert, update, delete on public.notes, public.memberships to authenticated;
grant insert on public.comments to authenticated;
create policy orgs_read on public.orgs for select to authenticated using (id in (select private.my_orgs()));
create policy members_read on public.memberships for select to authenticated
  using (org_id in (select private.my_orgs()));
create policy members_add on public.memberships for insert to authenticated
  with check (org_id in (select private.orgs_i_own()));
create policy members_change on public.memberships for update to authenticated
  using (org_id in (select private.orgs_i_own())) with check (org_id in (select private.orgs_i_own()));
create policy members_remove on public.memberships for delete to authenticated
  using (org_id in (select private.orgs_i_own()));
create policy profiles_read on public.profiles for select to authenticated using (id = (select auth.uid()));
create policy badges_read on public.badges for select to authenticated using (true);
create policy notes_read on public.notes for select to authenticated using (org_id in (select private.my_orgs()));
create policy notes_add on public.notes for insert to authenticated
  with check (org_id in (select private.my_orgs()) and author_id = (select auth.uid()));
create policy notes_change on public.notes for update to authenticated
  using (org_id in (select private.my_orgs())) with check (org_id in (select private.my_orgs()));
create policy notes_remove on public.notes for delete to authenticated
  using (org_id in (select private.my_orgs()) and author_id = (select auth.uid()));
create policy comments_read on public.comments for select to authenticated
  using (exists (select from public.notes n where n.id = note_id));
create policy comments_add on public.comments for insert to authenticated
  with check (note_id in (select n.id from public.notes n where n.org_id in (select private.my_orgs())));
create policy plans_read on public.plans for select to anon, authenticated using (true);
"""


@contextmanager
def house() -> Iterator[Server]:
    """A server with the schema in its database."""
    with running() as server:
        with psycopg.connect(make_conninfo(**server.conninfo()), autocommit=True) as connection:
            connection.execute(HOUSE.encode())
        yield server


def catalog_after(server: Server, *changes: str) -> Catalog:
    """What the catalog is after these changes, which are not kept."""

    async def read() -> Catalog:
        connection = await psycopg.AsyncConnection.connect(make_conninfo(**server.conninfo()))
        try:
            for change in changes:
                await connection.execute(change.encode())
            return await catalog_of(connection)
        finally:
            await connection.rollback()
            await connection.close()

    return asyncio.run(read())


def found_after(server: Server, *changes: str) -> tuple[Weakness, ...]:
    """What reading finds after these changes."""
    return weaknesses(catalog_after(server, *changes))
