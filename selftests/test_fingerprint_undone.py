"""A script that takes everything back is believed after a look at what was touched; one that does not is caught."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest

from fixtures.fingerprint.difference import differences
from fixtures.fingerprint.snapshot import Snapshot
from fixtures.fingerprint.undone import undone
from selftests.copies import Copies
from selftests.throwaway import running

READ = "create policy read on public.t for select to authenticated using (a > 0)"
START = f"""
create table public.t (a int primary key, b text not null default 'x', c int check (c > 0));
create table public.other (a int references public.t);
create index t_b on public.t (b);
alter table public.t enable row level security;
{READ};
create type public.state as enum ('a', 'b');
create domain public.positive as int check (value > 0);
create function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touch before update on public.t for each row execute function public.touch();
create view public.v as select a from public.t;
create sequence public.s;
insert into storage.buckets (id, name) values ('files', 'files');
"""


@pytest.fixture(scope="module")
def copies() -> Iterator[Copies]:
    with running() as server:
        found = Copies(server)
        found.copy("start", sql=START)
        yield found


@pytest.fixture(scope="module")
def before(copies: Copies) -> Snapshot:
    return copies.catalog("start")


TAKEN_BACK = {
    "column": ("alter table public.t add d int; create index on public.t (d)", "alter table public.t drop d"),
    "policy": ("drop policy read on public.t", READ),
    "table": ("create table public.n (a serial primary key); grant select on public.n to anon", "drop table public.n"),
    "rename": ("alter table public.t rename to u", "alter table public.u rename to t"),
    "view": ("drop view public.v", "create view public.v as select a from public.t"),
    "index": ("drop index public.t_b", "create index t_b on public.t (b)"),
    "owned": ("alter sequence public.s owned by public.t.a", "alter sequence public.s owned by none"),
    "comment": ("comment on function public.touch() is 'x'", "comment on function public.touch() is null"),
    "subtransaction": (
        "do $$ begin begin alter table public.t add d int; exception when others then null; end; end $$",
        "alter table public.t drop d",
    ),
    "role of its own": ("set role anon; reset role; create schema n", "drop schema n; set search_path = public"),
}


@pytest.mark.parametrize("name", TAKEN_BACK)
def test_taken_back(copies: Copies, before: Snapshot, name: str) -> None:
    up, down = TAKEN_BACK[name]
    assert asyncio.run(undone(copies.conninfo("start"), [up], [down])) == ()
    assert differences(copies.catalog("start"), before) == ()


LEFT = {
    "a grant": ("grant select on public.t to public", "select 1", "table public.t"),
    "a column's grant": ("grant select (a) on public.t to anon", "select 1", "column public.t.a"),
    "a comment": ("comment on column public.t.a is 'x'", "select 1", "column public.t.a"),
    "a comment on a function": ("comment on function public.touch() is 'x'", "select 1", "function public.touch()"),
    "a sequence": ("create sequence public.n; create table public.m ()", "drop table public.m", "sequence public.n"),
    "the owner": ("alter table public.t owner to service_role", "select 1", "table public.t"),
    "a policy's roles": (
        "drop policy read on public.t", READ.replace("authenticated", "anon"), "policy read on public.t",
    ),
    "a user mapping": (
        "create foreign data wrapper w; create server f foreign data wrapper w;"
        " create user mapping for public server f", "select 1", "user mapping for public server f",
    ),
    "a trigger's state": ("alter table public.t disable trigger touch", "select 1", "trigger touch on public.t"),
    "a foreign key's state": (
        "alter table public.other disable trigger all", "select 1", "constraint other_a_fkey on public.other",
    ),
    "in a subtransaction": (
        "do $$ begin begin alter table public.t disable row level security;"
        " exception when others then null; end; end $$", "select 1", "table public.t",
    ),
    "an enum's value": ("alter type public.state add value 'c'", "select 1", "type public.state"),
    "a domain's check": (
        "alter domain public.positive drop constraint positive_check", "select 1", "domain public.positive",
    ),
    "a setting": ("alter role anon set lock_timeout = '3s'", "select 1", "setting lock_timeout of role anon"),
    "default privileges": (
        "alter default privileges in schema public revoke all on types from public; alter default privileges in schema"
        " public grant usage on types to anon", "select 1", "default privileges of postgres in public on types",
    ),
    "who owns a sequence": ("alter sequence public.s owned by public.t.a", "select 1", "sequence public.s"),
    "a bucket": ("update storage.buckets set public = true", "select 1", "bucket files"),
    "another default": (
        "alter table public.t alter b drop default", "alter table public.t alter b set default 'y'",
        "default public.t.b",
    ),
    "what went with it": (
        "drop function public.touch cascade",
        "create function public.touch() returns trigger language plpgsql as $$ begin return new; end $$",
        "trigger touch on public.t",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_left_behind(copies: Copies, before: Snapshot, name: str) -> None:
    up, down, subject = LEFT[name]
    found = asyncio.run(undone(copies.conninfo("start"), [up], [down]))

    assert subject in [one.subject for one in found]
    assert differences(copies.catalog("start"), before) == ()


OUTSIDE = {
    "concurrently": ("create index concurrently t_c on public.t (c)", "drop index public.t_c", None),
    "concurrently, left": ("create index concurrently t_c on public.t (c)", "select 1", "index public.t_c"),
    "committed by itself": ("begin; alter table public.t add d int; commit", "select 1", "column public.t.d"),
    "a new value is used": (
        "alter type public.state add value 'c'; alter table public.t add e public.state default 'c'",
        "alter table public.t drop e", "type public.state",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_no_transaction_can_hold_runs_for_good(copies: Copies, name: str) -> None:
    up, down, subject = OUTSIDE[name]
    copies.copy("trial", "start")
    found = asyncio.run(undone(copies.conninfo("trial"), [up], [down]))
    assert [one.subject for one in found] == ([subject] if subject else [])


def test_a_script_that_fails_says_so(copies: Copies) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        asyncio.run(undone(copies.conninfo("start"), ["select 1"], ["drop table public.missing"]))
