"""A replay as hosted Supabase's `postgres`, which is no superuser: refused is what is refused there, and no more."""

import asyncio
from collections.abc import Iterator

import pytest
from psycopg.conninfo import make_conninfo

from fixtures.migrations.statements import split
from fixtures.workbench.diagnosing.diagnosis import Checkout, diagnosed
from fixtures.workbench.engines.server import Server
from fixtures.workbench.replaying.failure import Failure
from fixtures.workbench.replaying.hosted import SUPERUSER, around, replay_hosted
from selftests.scratch import asked, scratch, source
from selftests.throwaway import running


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as started:
        yield started


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    with scratch(server) as conninfo:
        yield conninfo


def hosted(conninfo: str, *texts: str) -> Failure | None:
    sources = [source(f"{number}_m.sql", text) for number, text in enumerate(texts, 1)]
    return asyncio.run(replay_hosted(make_conninfo(conninfo, user=SUPERUSER), sources))


ALLOWED = {
    "own-objects": "create table t (id uuid primary key default extensions.gen_random_uuid());"
    " alter table t enable row level security; create policy p on t using ((select auth.uid()) = id);",
    "sign-up-trigger": "create function f() returns trigger language plpgsql as 'begin return new; end';"
    " create trigger tr after insert on auth.users for each row execute function f(); drop trigger tr on auth.users;",
    "foreign-key-to-users": "create table t (id uuid references auth.users on delete cascade);",
    "storage-policies": "create policy p on storage.objects for select using (true);"
    " alter policy p on storage.objects using (false); comment on policy p on storage.objects is 'x';"
    " drop policy p on storage.objects; insert into storage.buckets (id, name) values ('a', 'a');",
    "realtime-policy": "create policy p on realtime.messages for select to authenticated using (true);",
    "extensions": "create extension if not exists moddatetime with schema extensions; create extension vector;"
    " alter extension vector set schema extensions; drop extension vector;",
    "cron": "create extension pg_cron;"
    " select cron.schedule('x', '* * * * *', 'select 1'); select cron.unschedule('x');",
    "settings-of-roles": "alter role authenticator set pgrst.db_max_rows = '10';"
    " alter role anon set statement_timeout = '5s'; alter role postgres set work_mem = '5MB';",
    "replication-role": "set session_replication_role = replica; set local session_replication_role = origin;"
    " reset session_replication_role;",
    "publications": "create table t (); alter publication supabase_realtime add table t;"
    " create publication p for all tables; drop publication p;",
    "event-trigger": "create function f() returns event_trigger language plpgsql as 'begin end';"
    " create event trigger e on ddl_command_end execute function f(); drop event trigger e;",
    "own-transaction": "begin; create extension moddatetime; create table t (); commit;",
    "roles": "create role of_hosted; create schema s; grant usage on schema s to of_hosted;"
    " revoke usage on schema s from of_hosted; drop role of_hosted;",
    "vault": "select vault.create_secret('x', 'y');",
}
REFUSED = {
    "column-of-users": ("alter table auth.users add column plan text;", "must be owner of table users"),
    "table-in-auth": ("create table auth.t ();", "permission denied for schema auth"),
    "function-in-auth": ("create function auth.f() returns int language sql as 'select 1';", "denied for schema auth"),
    "row-security-of-storage": ("alter table storage.objects disable row level security;", "must be owner"),
    "superuser": ("alter role postgres with superuser;", "permission denied to alter role"),
    "setting": ("set log_executor_stats = on;", "permission denied to set parameter"),
    "system": ("alter system set work_mem = '1MB';", "permission denied to set parameter"),
    "server-file": ("create table t (l text); copy t from '/etc/hostname';", "permission denied to COPY from a file"),
    "extension": ("create extension file_fdw;", "permission denied to create extension"),
    "language": ("create function f() returns int language c as 'x', 'y';", "permission denied for language c"),
    "after-a-privileged-one": ("create extension moddatetime; create table auth.t ();", "permission denied for schema"),
}  # fmt: skip


@pytest.mark.parametrize("text", ALLOWED.values(), ids=ALLOWED)
def test_what_hosted_supabase_allows_runs(database: str, text: str) -> None:
    assert hosted(database, "create table before ();", text, "create table after ();") is None
    assert asked(database, "select tableowner from pg_tables where tablename in ('before', 'after')") == [
        ("postgres",),
        ("postgres",),
    ]


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_what_hosted_supabase_refuses_is_refused(database: str, text: str, said: str) -> None:
    failure = hosted(database, "create table before ();", text)
    assert failure is not None
    assert said in failure.message
    assert failure.path.endswith("2_m.sql")


def test_the_statement_is_named_and_the_mend_is_said(database: str) -> None:
    text = "create extension moddatetime;\n\n-- why\nalter table auth.users\n  add column plan text;"
    failure = hosted(database, text)
    assert failure is not None
    assert (failure.line, failure.statement[:22], failure.sqlstate) == (4, "alter table auth.users", "42501")
    cause = diagnosed(failure, Checkout([source("1_m.sql", text)])).cause
    assert cause is not None
    assert cause.kind == "needs superuser or ownership"


def test_the_history_holds_what_the_file_says_and_nothing_else(database: str) -> None:
    assert hosted(database, "create extension moddatetime; create table t ();") is None
    history = asked(database, "select statements from supabase_migrations.schema_migrations")
    assert history == [(["create extension moddatetime", "create table t ()"],)]


@pytest.mark.parametrize(
    "text", ["select 1", "create tabel x ()", "insert into t values ('create extension x')", "-- drop"]
)
def test_other_statements_have_nothing_around_them(text: str) -> None:
    assert around(split(text)[0]) == ((), ())
