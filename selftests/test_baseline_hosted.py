"""Without superuser rights `postgres` may do to the platform's objects what it may on a hosted project, and no more."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from selftests.stand_in_servers import ENGINES, asked, hosted, scratch


@pytest.fixture(scope="module", params=ENGINES)
def owner(request: pytest.FixtureRequest) -> Iterator["psycopg.Connection[Any]"]:
    """Connected as the project's owner, in a transaction of each test's own."""
    with hosted(request.param) as server, scratch(server) as connection:
        yield connection


@pytest.fixture(autouse=True)
def undone(owner: "psycopg.Connection[Any]") -> Iterator[None]:
    with owner.transaction(force_rollback=True):
        yield


NOTHING = "create function public.idle() returns trigger language plpgsql as 'begin return new; end'"


@pytest.mark.parametrize(
    "sql",
    [
        f"{NOTHING}; create trigger welcome after insert on auth.users for each row execute function public.idle()",
        f"{NOTHING}; create trigger filed after insert on storage.objects for each row execute function public.idle()",
        "insert into auth.users (id, email) values (gen_random_uuid(), 'ada@atoll.example')",
        "insert into storage.buckets (id, name, public) values ('sails', 'sails', true)",
        "create role reporter; grant usage on schema storage to reporter; grant select on storage.objects to reporter",
        "create role reporter; grant usage on schema realtime to reporter",
        "create role sailor; grant authenticated to sailor",
        "alter publication supabase_realtime add table only public.boats",
        "create extension pg_cron with schema extensions; select cron.schedule('nightly', '0 3 * * *', 'select 1')",
        "create extension pgmq; select pgmq.create('orders'); select pgmq.send('orders', '{}')",
        "select vault.create_secret('value', 'name'); select decrypted_secret from vault.decrypted_secrets",
        "select net.http_post('https://atoll.example/hook')",
        "select realtime.send('{}', 'moved', 'boats')",
        "select extensions.crypt('sail', extensions.gen_salt('bf'))",
    ],
)
def test_the_owner_may(sql: str, owner: "psycopg.Connection[Any]") -> None:
    owner.execute("create table public.boats (id bigint primary key)")

    owner.execute(sql.encode())


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("create function auth.tenant() returns uuid language sql as 'select null::uuid'", "denied for schema auth"),
        ("create table storage.extra (id bigint)", "denied for schema storage"),
        ("create table realtime.extra (id bigint)", "denied for schema realtime"),
        ("alter table auth.users add column nickname text", "must be owner of table users"),
        ("alter table storage.objects disable row level security", "must be owner of table objects"),
        ("create or replace function auth.uid() returns uuid language sql as 'select null::uuid'", "schema auth"),
        ("delete from auth.schema_migrations", "denied for table schema_migrations"),
        ("delete from storage.objects", "Direct deletion from storage tables"),
        ("delete from storage.buckets where id = 'sails'", "Direct deletion from storage tables"),
        ("insert into vault.secrets (secret) values ('value')", "denied for table secrets"),
        ("update vault.secrets set secret = 'other'", "denied for table secrets"),
        ("create extension pg_cron; update cron.job set active = false", "denied for table job"),
        ("set role supabase_auth_admin", "denied to set role"),
        ("set role supabase_storage_admin", "denied to set role"),
        # a project lets the owner do this all the same; what lets it (supautils) is not in the baseline
        ("create policy mine on storage.objects for select using (true)", "must be owner of table objects"),
    ],
)
def test_the_owner_may_not(sql: str, message: str, owner: "psycopg.Connection[Any]") -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=message):
        owner.execute(sql.encode())


def test_files_may_be_deleted_when_the_storage_server_says_so(owner: "psycopg.Connection[Any]") -> None:
    owner.execute("set local storage.allow_delete_query = 'true'")

    owner.execute("delete from storage.objects")


@pytest.mark.parametrize("role", ["supabase_auth_admin", "supabase_storage_admin", "supabase_realtime_admin"])
def test_the_owner_is_no_member_of_a_services_role(role: str, owner: "psycopg.Connection[Any]") -> None:
    assert asked(owner, f"select pg_has_role('postgres', '{role}', 'member')") is False


@pytest.mark.parametrize(
    ("table", "tables_owner"),
    [
        ("auth.users", "supabase_auth_admin"),
        ("auth.oauth_clients", "supabase_auth_admin"),
        ("storage.objects", "supabase_storage_admin"),
        ("realtime.messages", "supabase_realtime_admin"),
        ("supabase_functions.hooks", "supabase_functions_admin"),
        ("supabase_migrations.schema_migrations", "postgres"),
    ],
)
def test_a_services_tables_are_its_own(table: str, tables_owner: str, owner: "psycopg.Connection[Any]") -> None:
    found = asked(owner, f"select relowner::regrole::text from pg_class where oid = '{table}'::regclass")

    assert found == tables_owner


def test_row_security_is_on_where_the_services_turn_it_on(owner: "psycopg.Connection[Any]") -> None:
    open_tables = asked(
        owner,
        "select array_agg(oid::regclass::text order by 1) from pg_class where relkind = 'r' and not relrowsecurity"
        " and relnamespace in ('auth'::regnamespace, 'storage'::regnamespace)",
    )

    assert {name.split(".")[1].split("_")[0] for name in open_tables} == {"custom", "oauth", "webauthn"}


def test_nobody_but_the_platform_calls_the_jobs_of_others(owner: "psycopg.Connection[Any]") -> None:
    owner.execute("create extension pg_cron; select cron.schedule('mine', '@daily', 'select 1')")
    owner.execute("create role sailor; grant sailor to postgres; grant usage on schema cron to sailor; set role sailor")

    assert asked(owner, "select count(*) from cron.job") == 0  # row security shows everybody their own
    with pytest.raises(psycopg.errors.RaiseException, match="could not find valid entry for job 'mine'"):
        owner.execute("select cron.unschedule('mine')")
