"""What is no drift: who looks, which version of Postgres answers, and what the platform does by itself."""

import asyncio
from collections.abc import Iterator

import msgspec
import pytest

from fixtures import Unobservable
from fixtures.fingerprint.comparison import Comparison
from fixtures.fingerprint.difference import differences
from fixtures.fingerprint.privileges import grants, privileges
from fixtures.fingerprint.snapshot import Seen, Snapshot
from fixtures.fingerprint.wording import same_in_other_words
from fixtures.workbench.engines.system import system
from selftests.copies import SCRIPTS, Copies
from selftests.throwaway import SECONDS, running

READER = """
create role drift_reader login nosuperuser nobypassrls;
alter role drift_reader set default_transaction_read_only = on;
grant select on public.t to drift_reader;
"""
SMALL = "create table public.t (a int primary key); insert into storage.buckets (id, name) values ('files', 'files');"


@pytest.fixture(scope="module")
def copies() -> Iterator[Copies]:
    with running() as server:
        yield Copies(server)


def test_a_login_that_only_looks_is_no_difference(copies: Copies) -> None:
    copies.copy("small", sql=SMALL)
    made = copies.catalog(copies.copy("environment", "small"))
    copies.run("environment", READER)
    seen = copies.catalog("environment", user="drift_reader")

    assert [one.subject for one in differences(seen, made)] == ["bucket files"]
    assert list(seen.unread) == ["buckets"]
    assert "may not be read by drift_reader" in seen.unread["buckets"]
    opened = "grant usage on schema storage to drift_reader; grant select on storage.buckets to drift_reader"
    assert "row security" in _unread(copies, opened)
    assert _unread(copies, "alter role drift_reader bypassrls") == ""
    assert differences(copies.catalog("environment", user="drift_reader"), made) == ()
    copies.run("environment", "drop owned by drift_reader", "drop role drift_reader")


def _unread(copies: Copies, sql: str) -> str:
    copies.run("environment", sql)
    return copies.catalog("environment", user="drift_reader").unread.get("buckets", "")


PLATFORM = [
    "create table auth.made_by_it (a int); create function auth.also() returns int language sql as 'select 1'",
    "alter table storage.objects add column more text; create index on storage.objects (more)",
    "create trigger own before update on storage.objects for each row execute function storage.protect_delete()",
    "alter default privileges for role supabase_admin in schema public grant select on tables to dashboard_user",
    "comment on table auth.users is 'x'",
    "create publication supabase_realtime_messages_publication for table realtime.messages",
]


@pytest.mark.parametrize("sql", PLATFORM)
def test_what_the_platform_makes_is_no_drift(copies: Copies, sql: str) -> None:
    sql = sql.replace("storage.protect_delete()", "supabase_functions.http_request()")
    before = copies.catalog("postgres")
    assert differences(copies.catalog(copies.copy("trial", sql=sql)), before) == ()


@pytest.mark.parametrize(
    ("sql", "subject"),
    [
        ("create function public.f() returns trigger language plpgsql as 'begin return new; end';"
         " create trigger mine after insert on auth.users for each row execute function public.f()",
         "trigger mine on auth.users"),
        ("create policy mine on storage.objects for select using (true)", "policy mine on storage.objects"),
        ("alter table storage.objects disable row level security", "table storage.objects"),
        ("alter publication supabase_realtime add table public.t", "published table public.t in supabase_realtime"),
    ],
)  # fmt: skip
def test_what_an_application_adds_to_the_platform_is(copies: Copies, sql: str, subject: str) -> None:
    copies.copy("small", sql=SMALL)
    seen = differences(copies.catalog(copies.copy("trial", "small", sql=sql)), copies.catalog("small"))
    assert subject in [one.subject for one in seen]


def test_values_of_settings_and_options_are_not_told(copies: Copies) -> None:
    sql = """alter database trial set app.key = 'canary-1'; alter database trial set work_mem = '7MB';
        create foreign data wrapper w options (password 'canary-2'); create server s foreign data wrapper w
        options (password 'canary-3'); create user mapping for public server s options (password 'canary-4');
        create function public.f() returns trigger language plpgsql as $$ begin perform 'canary-5'; return new; end $$;
        create table public.t (); create trigger t after insert on public.t for each row execute function
        public.f('canary-6');"""
    seen = differences(copies.catalog(copies.copy("trial", sql=sql)), copies.catalog("postgres"))
    text = msgspec.json.encode(seen).decode()
    assert len(seen) >= 6
    assert "canary" not in text
    assert "7MB" in text


def test_every_version_says_the_same(copies: Copies) -> None:
    try:
        other = system().start(within=SECONDS)
    except Unobservable as problem:
        pytest.skip(f"no second Postgres on this machine: {problem}")
    try:
        elsewhere = Copies(other)
        script = (SCRIPTS / "everything.sql").read_text(encoding="utf-8")
        elsewhere.run(other.working, script)
        copies.copy("everything", sql=script)
        one, same = elsewhere.catalog(other.working), copies.catalog("everything")
    finally:
        other.stop()
    equal = asyncio.run(same_in_other_words(copies.conninfo("everything"), one, same))
    assert differences(one, same, equal) == ()
    assert (len(equal) == 3) is (one.version < 160000)


def test_views_are_compared_by_what_they_say(copies: Copies) -> None:
    made = "create table public.t (a int, b int); create view public.v as select a from public.t where b > 1;"
    newer = copies.catalog(copies.copy("small2", sql=made))
    words = (("SELECT a", "SELECT t.a"), ("(b > 1)", "(t.b > 1)"))
    other = (("SELECT a", "SELECT t.a"), ("(b > 1)", "(t.b > 2)"))
    conninfo = copies.conninfo("small2")
    key = ("view", "public.v")

    assert asyncio.run(same_in_other_words(conninfo, _older(newer, words), newer)) == {key}
    assert asyncio.run(same_in_other_words(conninfo, _older(newer, other), newer)) == frozenset()
    assert Comparison(_older(newer, words), newer, frozenset([key])).changed == {}


def _older(snapshot: Snapshot, words: tuple[tuple[str, str], ...]) -> Snapshot:
    seen = dict(snapshot.seen)
    view = seen[("view", "public.v")]
    text = view.facts
    for old, new in words:
        assert old in text
        text = text.replace(old, new)
    seen[("view", "public.v")] = Seen(view.oid, view.column, text)
    return Snapshot(150000, snapshot.looker, seen)


@pytest.mark.parametrize(
    ("acl", "granted"),
    [
        (None, {"me": "Dadmrtwx"}),
        ("{me=arwdDxtm/me,anon=r/me,=r/me}", {"me": "Dadmrtwx", "anon": "r", "": "r"}),
        ("{anon=r/you,anon=w/me}", {"anon": "rw"}),
        ('{"\\"odd \\"\\"role\\"=r*w/me"}', {'odd "role': "r*w"}),
        ("{}", {}),
        ("{anon=r*/me,anon=r/you}", {"anon": "r*"}),
    ],
)
def test_access_lists(acl: str | None, granted: dict[str, str]) -> None:
    assert privileges("table", acl, "me") == granted


def test_grants() -> None:
    assert grants("table public.t", {"anon": "rw*", "": "r"}, {"anon": "r*w", "Odd": "a"}) == [
        "revoke select on table public.t from public;",
        'grant insert on table public.t to "Odd";',
        "revoke grant option for update on table public.t from anon;",
        "grant select on table public.t to anon with grant option;",
    ]
