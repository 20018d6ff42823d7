"""The baseline adds only what is missing, to databases and to clusters that hold some of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from fixtures.workbench import baseline
from fixtures.workbench.engines.local import LocalServer
from selftests.stand_in_servers import ENGINES, asked, connected, started

FIRST_DAY = """
    create schema auth;
    create table auth.users (
      instance_id uuid, id uuid primary key, aud varchar(255), role varchar(255), email varchar(255) unique,
      encrypted_password varchar(255), confirmed_at timestamptz, invited_at timestamptz,
      confirmation_token varchar(255), confirmation_sent_at timestamptz, recovery_token varchar(255),
      recovery_sent_at timestamptz, email_change_token varchar(255), email_change varchar(255),
      email_change_sent_at timestamptz, last_sign_in_at timestamptz, raw_app_meta_data jsonb, raw_user_meta_data jsonb,
      is_super_admin boolean, created_at timestamptz, updated_at timestamptz
    );
    create table auth.refresh_tokens (
      instance_id uuid, id bigserial primary key, token varchar(255), user_id varchar(255), revoked boolean,
      created_at timestamptz, updated_at timestamptz
    );
    create table auth.audit_log_entries (instance_id uuid, id uuid primary key, payload json, created_at timestamptz);
    create schema storage;
    create table storage.buckets (
      id text primary key, name text not null, owner uuid references auth.users (id),
      created_at timestamptz default now(), updated_at timestamptz default now()
    );
    create table storage.objects (
      id uuid primary key default gen_random_uuid(), bucket_id text references storage.buckets (id), name text,
      owner uuid references auth.users (id), created_at timestamptz default now(), updated_at timestamptz default now(),
      last_accessed_at timestamptz default now(), metadata jsonb
    );
    alter table auth.users owner to supabase_auth_admin;
    alter table auth.refresh_tokens owner to supabase_auth_admin;
    alter table auth.audit_log_entries owner to supabase_auth_admin;
    alter table storage.buckets owner to supabase_storage_admin;
    alter table storage.objects owner to supabase_storage_admin;
    insert into auth.users (id, email, confirmed_at)
    values ('a11ce000-0000-4000-8000-000000000001', 'ada@atoll.example', '2020-01-01');
    grant all on schema auth, storage to postgres;
"""
"""Accounts and files as both servers first made them, which is what Supabase's own image starts with."""

COLUMNS = """
    select table_schema, table_name, column_name, udt_name, is_nullable, column_default, generation_expression
    from information_schema.columns where table_schema in ('auth', 'storage', 'realtime')
"""


@pytest.fixture(scope="module", params=ENGINES)
def server(request: pytest.FixtureRequest) -> Iterator[LocalServer]:
    with started(request.param) as found:
        yield found


@pytest.fixture
def database(server: LocalServer) -> Iterator[str]:
    with connected(server, "supabase_admin", "template1") as admin:
        admin.execute("create database other template template0 owner postgres")
        yield "other"
        admin.execute("drop database other with (force)")


def apply(server: LocalServer, database: str, options: str = "") -> None:
    parameters = server.conninfo(database, baseline.SUPERUSER)
    baseline.apply(parameters | ({"options": options} if options else {}), "revoked")


def columns(server: LocalServer, database: str) -> set[Any]:
    with connected(server, "supabase_admin", database) as admin:
        admin.execute("set search_path = ''")
        return set(admin.execute(COLUMNS.encode()).fetchall())


def test_an_older_database_becomes_what_a_new_one_is(server: LocalServer, database: str) -> None:
    with connected(server, "supabase_admin", database) as admin:
        admin.execute(FIRST_DAY.encode())

    apply(server, database)
    apply(server, database)

    assert columns(server, database) == columns(server, "postgres")


def test_who_had_confirmed_an_address_still_has(server: LocalServer, database: str) -> None:
    with connected(server, "supabase_admin", database) as admin:
        admin.execute(FIRST_DAY.encode())

    apply(server, database)

    with connected(server, "supabase_admin", database) as admin:
        assert asked(admin, "select email_confirmed_at = confirmed_at from auth.users") is True


def test_one_address_may_be_used_twice_when_one_is_of_single_sign_on(server: LocalServer, database: str) -> None:
    apply(server, database)

    with connected(server, "supabase_admin", database) as admin:
        admin.execute(
            "insert into auth.users (id, email, is_sso_user) select gen_random_uuid(), 'ada@atoll.example', sso"
            " from unnest(array[true, true, false]) as sso"
        )


ROLES = "select json_agg(r order by rolname) from pg_authid r where rolname !~ '^pg_'"
MEMBERS = "select json_agg(m order by roleid, member, grantor) from pg_auth_members m"
SETTINGS = "select json_agg(s order by setrole, setdatabase) from pg_db_role_setting s"


def test_a_role_that_is_there_keeps_what_it_has(server: LocalServer, database: str) -> None:
    with connected(server, "supabase_admin") as admin:
        admin.execute("alter role anon with connection limit 3; alter role anon set statement_timeout = '1min'")

    apply(server, database)

    with connected(server, "supabase_admin") as admin:
        assert asked(admin, "select rolconnlimit from pg_roles where rolname = 'anon'") == 3
        assert asked(admin, "select rolconfig from pg_roles where rolname = 'anon'") == ["statement_timeout=1min"]
        admin.execute("alter role anon with connection limit -1; alter role anon set statement_timeout = '3s'")


@pytest.mark.parametrize("asking", [ROLES, MEMBERS, SETTINGS])
def test_on_somebody_s_own_server_no_role_is_touched(asking: str, server: LocalServer, database: str) -> None:
    with connected(server, "supabase_admin") as admin:
        admin.execute("alter role service_role with nobypassrls; alter role authenticated reset all")
        admin.execute("revoke anon from authenticator; alter role postgres with nosuperuser")
        before = asked(admin, asking)
        try:
            apply(server, database, "-c seatrial.roles=kept")

            assert asked(admin, asking) == before
        finally:
            admin.execute("alter role service_role with bypassrls; grant anon to authenticator")
            admin.execute("alter role authenticated set statement_timeout = '8s'; alter role postgres with superuser")


def test_on_somebody_s_own_server_what_is_missing_is_made_and_marked(server: LocalServer, database: str) -> None:
    with connected(server, "supabase_admin") as admin:
        admin.execute("drop role supabase_etl_admin; drop role if exists supabase_read_only_user")

        apply(server, database, "-c seatrial.roles=kept")

        marked = "select shobj_description(oid, 'pg_authid') from pg_roles where rolname = 'supabase_read_only_user'"
        assert asked(admin, marked) == "made by seatrial, goes with its run"
        assert asked(admin, "select pg_has_role('supabase_read_only_user', 'pg_read_all_data', 'member')") is True
        settings = asked(admin, "select rolconfig from pg_roles where rolname = 'supabase_read_only_user'")
        assert settings == ["default_transaction_read_only=on"]


SERVICES = """
    create schema storage;
    create function storage.search(
      prefix text, bucketname text, limits integer default 100, levels integer default 1, offsets integer default 0,
      search text default '', sortcolumn text default 'name', sortorder text default 'asc'
    ) returns table (
      name text, id uuid, updated_at timestamptz, created_at timestamptz, last_accessed_at timestamptz, metadata jsonb
    ) language sql as $$ select 'the real one', null::uuid, now(), now(), now(), '{}'::jsonb $$;
    create schema realtime;
    create function realtime.topic() returns text language sql as 'select null::text';
"""
"""Functions of services that were here before us; realtime's are not its own in older projects."""


def test_what_a_service_made_itself_stays(server: LocalServer, database: str) -> None:
    with connected(server, "supabase_admin", database) as admin:
        admin.execute(SERVICES.encode())

    apply(server, database)

    with connected(server, "supabase_admin", database) as admin:
        assert asked(admin, "select name from storage.search('', 'sails')") == "the real one"
        owner = asked(admin, "select proowner::regrole::text from pg_proc where oid = 'realtime.topic()'::regprocedure")
        assert owner == "supabase_realtime_admin"
