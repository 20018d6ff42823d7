"""Signing up for real on a throwaway database: what is refused, what is made, and that nothing of it stays."""

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fixtures import Unobservable
from fixtures.supabase.attempt import Attempt, Made, attempt_signups
from fixtures.supabase.newcomers import Way, keys_asked_for, newcomers, read_ways_in
from fixtures.workbench.engines.server import Server
from fixtures.workbench.templates import Database
from selftests.throwaway import execute, running

NUMBERS = itertools.count(1)
CREATES = ("public.profiles", "public.members")
SOUND = """
create table public.profiles (id uuid primary key references auth.users (id) on delete cascade, name text, slug text);
create table public.members (profile uuid not null references public.profiles (id), role text not null default 'owner');
create function public.welcome() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into public.profiles (id, name) values (new.id, new.raw_user_meta_data ->> 'full_name');
  insert into public.members (profile) values (new.id);
  return new;
end
$$;
create trigger welcome after insert on auth.users for each row execute function public.welcome();
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as started:
        execute(started, "create database sound template postgres")
        with psycopg.connect(Database(started, "sound").conninfo(), autocommit=True) as connection:
            connection.execute(SOUND)
        yield started


def attempts(server: Server, sql: str, way: Way, creates: tuple[str, ...] = CREATES, **options: Any) -> list[Attempt]:
    """What comes of people who sign up this way after `sql`; and whether anything is left."""
    name = f"signup_{next(NUMBERS)}"
    execute(server, f"create database {name} template sound strategy file_copy")
    return asyncio.run(_attempts(Database(server, name).conninfo(), sql, way, creates, **options))


async def _attempts(
    conninfo: str, sql: str, way: Way, creates: tuple[str, ...], allowed: frozenset[str] = frozenset()
) -> list[Attempt]:
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        await connection.execute(sql.encode())
        found = await attempt_signups(connection, newcomers(way, {"organization": "Reef"}, allowed), creates)
        left = await (await connection.execute("select count(*) from auth.users")).fetchone()
        who = await (await connection.execute("select session_user::text, current_user::text")).fetchone()
    assert left == (0,)
    assert who == ("postgres", "postgres")
    return list(found)


@pytest.mark.parametrize("way", ["email", "oauth", "without-metadata", "same-name"])
def test_a_sound_function_makes_everything_for_everybody(server: Server, way: Way) -> None:
    found = attempts(server, "", way, allowed=frozenset({"anonymous", "phone"}))

    made = (Made(table="public.members", rows=1), Made(table="public.profiles", rows=1))
    assert [(one.refused, one.lacking, one.made) for one in found] == [("", (), made)] * len(found)
    assert len(found) == {"email": 1, "oauth": 2, "without-metadata": 3, "same-name": 2}[way]


def test_somebody_without_a_name_is_refused_where_one_is_required(server: Server) -> None:
    (refused,) = attempts(server, "alter table public.profiles alter name set not null", "without-metadata")

    assert refused.sqlstate == "23502"
    assert refused.refused.startswith('null value in column "name" of relation "profiles" violates not-null constraint')
    assert (refused.function, refused.line, refused.subject) == ("public.welcome", 3, "public.welcome")


def test_the_second_of_one_name_is_refused_where_names_are_unique(server: Server) -> None:
    first, second = attempts(server, "create unique index on public.profiles (name)", "same-name")

    assert first.refused == ""
    assert (second.person, second.sqlstate) == ("by e-mail, and has the name of somebody who is there", "23505")


def test_a_refusal_does_not_keep_the_next_from_signing_up(server: Server) -> None:
    first, second = attempts(
        server, "alter table public.profiles add check (name is distinct from 'Ada Atoll')", "oauth"
    )

    assert (first.sqlstate, second.sqlstate) == ("23514", "")


@pytest.mark.parametrize(
    ("sql", "sqlstate", "function"),
    [
        ("alter function public.welcome() security invoker", "42501", "public.welcome"),
        ("alter table public.members rename to people", "42P01", "public.welcome"),
        ("alter table public.members add kind text not null", "23502", "public.welcome"),
        ("alter table public.profiles drop column name", "42703", "public.welcome"),
        ("create function no() returns trigger language plpgsql as $$ begin raise 'no'; end $$;"
         " create trigger no before insert on auth.users for each row execute function no()", "P0001", "no"),
        ("create function no() returns trigger language plpgsql as $$ begin raise 'no'; end $$;"
         " create constraint trigger no after insert on public.members deferrable initially deferred for each row"
         " execute function no()", "P0001", "no"),
        ("create function role_is() returns trigger language plpgsql as $$ begin raise 'role'; end $$;"
         " create trigger role_is after update of role on auth.users for each row execute function role_is()",
         "P0001", "role_is"),
        ("alter table auth.users add constraint no_google check (raw_app_meta_data ->> 'provider' <> 'email')",
         "23514", "auth.users"),
    ],
)  # fmt: skip
def test_everybody_is_refused(server: Server, sql: str, sqlstate: str, function: str) -> None:
    (refused,) = attempts(server, sql, "email")

    assert (refused.sqlstate, refused.function.removeprefix("public.")) == (sqlstate, function.removeprefix("public."))


def test_what_a_sign_up_should_make_and_does_not_is_named(server: Server) -> None:
    (lacking,) = attempts(server, "drop trigger welcome on auth.users", "email")
    (nothing,) = attempts(server, "drop trigger welcome on auth.users", "email", ())
    (skipped,) = attempts(server, "alter table public.members add constraint a check (role <> 'owner') not valid;"
                          " create rule skip as on insert to public.members do instead nothing", "email")  # fmt: skip

    assert (lacking.refused, lacking.lacking, lacking.subject) == ("", CREATES, ", ".join(CREATES))
    assert nothing.lacking == ("any table of the application's",)
    assert skipped.lacking == ("public.members",)


def test_a_search_path_that_is_not_pinned_is_that_of_the_authentication_server(server: Server) -> None:
    sql = """
    create or replace function public.welcome() returns trigger language plpgsql security definer as
      'begin insert into profiles (id) values (new.id); insert into members values (new.id); return new; end';
    alter function public.welcome() reset search_path;"""
    (refused,) = attempts(server, sql, "email")
    (pinned,) = attempts(server, f"{sql} alter function public.welcome() set search_path = public", "email")

    assert (refused.sqlstate, refused.refused) == ("42P01", 'relation "profiles" does not exist')
    assert pinned.refused == ""


@pytest.mark.parametrize(
    ("config", "allowed"),
    [
        (None, set()),
        ("[auth]\nenable_anonymous_sign_ins = true", {"anonymous"}),
        ("[auth.sms]\nenable_signup = true", {"phone"}),
        ("[auth]\nenable_anonymous_sign_ins = false\n[auth.sms]\nenable_signup = false", set()),
    ],
)
def test_ways_in_are_those_of_the_configuration(tmp_path: Path, config: str | None, allowed: set[str]) -> None:
    (tmp_path / "supabase").mkdir()
    if config is not None:
        (tmp_path / "supabase" / "config.toml").write_text(config)

    assert read_ways_in(tmp_path) == allowed


def test_a_broken_configuration_is_told(tmp_path: Path) -> None:
    (tmp_path / "supabase").mkdir()
    (tmp_path / "supabase" / "config.toml").write_text("[auth\n")

    with pytest.raises(Unobservable, match=r"config\.toml cannot be read"):
        read_ways_in(tmp_path)


def test_what_a_function_takes_from_the_metadata_is_known() -> None:
    taken = ("handle", "contact_email", "display_name", "user_name")
    body = f"new.raw_app_meta_data ->> 'no', {', '.join(f'new.raw_user_meta_data->>{key!r}' for key in taken)}"
    first, second = newcomers("same-name", {"full_name": "Bo"}, frozenset(), keys_asked_for(body))

    assert keys_asked_for(body) == taken
    assert [first.said[key] for key in taken] == ["ada", "ada@example.invalid", "Ada Atoll", "ada"]
    assert [second.said[key] for key in taken] == ["adatwo", "adatwo@example.invalid", "Ada Atoll", "adatwo"]
    assert first.said["full_name"] == second.said["full_name"] == "Bo"
