"""A replay that fails is explained: which name is missing, who creates it and when, and what mends it."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from fixtures.migrations.files import read_sources
from fixtures.workbench.diagnosing.complaints import Complaint, complaint_of
from fixtures.workbench.diagnosing.definitions import definitions_of
from fixtures.workbench.diagnosing.diagnosis import Checkout, diagnosed
from fixtures.workbench.diagnosing.outside import read_outside
from fixtures.workbench.diagnosing.roots import missing_names
from fixtures.workbench.engines.server import Server
from fixtures.workbench.replaying.failure import Cause, Failure
from selftests.scratch import checkout, run, scratch, source
from selftests.throwaway import running

BASE = (
    "create table public.plans (id int);\ncreate function public.price(i int) returns int language sql as 'select 1';\n"
)

# kind of the cause, where the failure is, who makes the name, the files
CAUSES: dict[str, tuple[str, str, str | None, dict[str, str | bytes]]] = {
    "nowhere": ("made outside the migrations", "1_a.sql:2", None, {"1_a.sql": "\nalter table public.plans add x int;"}),
    "later": ("created later", "1_a.sql:1", "2_b.sql:2", {
        "1_a.sql": "alter table plans add x int;", "2_b.sql": "select 1;\ncreate table plans ();"}),
    "later-in-the-file": ("created later", "1_a.sql:1", "1_a.sql:2", {
        "1_a.sql": "insert into plans default values;\ncreate table plans ();"}),
    "skipped": ("created in a file that the CLI skips", "2_b.sql:1", "1-a.sql:1", {
        "1-a.sql": BASE, "2_b.sql": "alter table plans add x int;"}),
    "skipped-in-a-folder": ("created in a file that the CLI skips", "2_b.sql:1", "old/1_a.sql:1", {
        "migrations/old/1_a.sql": BASE, "2_b.sql": "alter table plans add x int;"}),
    "in-a-seed": ("made outside the migrations", "2_b.sql:1", "supabase/seed.sql:1", {
        "./seed.sql": BASE, "2_b.sql": "alter table plans add x int;"}),
    "in-a-do-block": ("created later", "1_a.sql:1", "2_b.sql:1", {
        "1_a.sql": "alter table plans add x int;", "2_b.sql": "do $$ begin create table plans (); end $$;"}),
    "dropped": ("dropped before", "3_c.sql:1", "2_b.sql:1", {
        "1_a.sql": BASE, "2_b.sql": "drop table if exists plans cascade;", "3_c.sql": "alter table plans add x int;"}),
    "renamed": ("dropped before", "2_b.sql:2", "2_b.sql:1", {
        "1_a.sql": BASE, "2_b.sql": "alter table plans rename to tariffs;\nalter table plans add x int;"}),
    "column": ("made outside the migrations", "2_b.sql:1", None, {
        "1_a.sql": BASE, "2_b.sql": "create index on plans (price);"}),
    "column-later": ("created later", "2_b.sql:1", "3_c.sql:1", {
        "1_a.sql": BASE, "2_b.sql": "select p.price from plans p;", "3_c.sql": "alter table plans add price int;"}),
    "if-not-exists": ("IF NOT EXISTS did nothing", "2_b.sql:2", "2_b.sql:1", {
        "1_a.sql": BASE, "2_b.sql": "create table if not exists plans (id int, price int);\n"
                                    "alter table plans alter column price set not null;"}),
    "function": ("made outside the migrations", "1_a.sql:1", None, {"1_a.sql": "select public.price(1);"}),
    "function-of-other-types": ("not found under this name", "2_b.sql:1", "1_a.sql:2", {
        "1_a.sql": BASE, "2_b.sql": "select public.price('x'::text);"}),
    "type": ("created later", "1_a.sql:1", "2_b.sql:1", {
        "1_a.sql": "create table t (c color);", "2_b.sql": "create type color as enum ('a');"}),
    "extension-missing": ("needs an extension", "1_a.sql:1", None, {"1_a.sql": "select cron.schedule('a', '1', 'b');"}),
    "extension-not-there": ("extension is not available", "1_a.sql:1", None, {"1_a.sql": "create extension plrust;"}),
    "service": ("made by a Supabase service", "1_a.sql:1", None, {"1_a.sql": "alter table storage.nothing add x int;"}),
    "twice": ("created twice", "2_b.sql:1", "1_a.sql:1", {"1_a.sql": BASE, "2_b.sql": "create table plans ();"}),
    "function-twice": ("created twice", "2_b.sql:1", "1_a.sql:2", {
        "1_a.sql": BASE, "2_b.sql": "create function price(i int) returns int language sql as 'select 2';"}),
    "policy-twice": ("created twice", "2_b.sql:1", "1_a.sql:3", {
        "1_a.sql": BASE + "create policy p on plans;", "2_b.sql": "create policy p on plans using (true);"}),
    "made-by-supabase": ("made by Supabase", "1_a.sql:1", None, {"1_a.sql": "create schema auth;"}),
    "same-version": ("duplicate version", "1_b.sql:1", "1_a.sql", {"1_a.sql": BASE, "1_b.sql": "select 1;"}),
    "data": ("needs existing data", "1_a.sql:1", None, {
        "1_a.sql": "do $$ begin raise 'no organization'; end $$;"}),
    "foreign-key": ("needs existing data", "1_a.sql:2", None, {
        "1_a.sql": "create table t (u uuid references auth.users);\ninsert into t values (gen_random_uuid());"}),
    "server": ("server version", "1_a.sql:1", None, {
        "1_a.sql": "do $$ begin if current_setting('server_version')::text > '' then raise 'no'; end if; end $$;"}),
    "syntax": ("syntax", "1_a.sql:2", None, {"1_a.sql": BASE.partition("\n")[0] + "\ncreate tabel t ();"}),
    "psql": ("psql command", "1_a.sql:1", None, {"1_a.sql": "\\restrict abc\nselect 1;"}),
    "copy": ("psql command", "1_a.sql:2", None, {"1_a.sql": "create table t (i int);\ncopy t from stdin;\n1\n\\.\n"}),
    "splitter": ("the CLI cuts it wrongly", "1_a.sql:2", None, {
        "1_a.sql": "create table t (i int);\ncreate rule r as on insert to t do also (select (1); select 2);"}),
    "left-open": ("left open", "1_a.sql:2", None, {"1_a.sql": "select 1;\nbegin;\nselect 2;"}),
    "enum": ("enum value used at once", "2_b.sql:2", None, {
        "1_a.sql": "create type e as enum ('a');", "2_b.sql": "alter type e add value 'b';\nselect 'b'::e;"}),
    "concurrently": ("cannot run in a transaction", "2_b.sql:2", None, {
        "1_a.sql": BASE, "2_b.sql": "begin;\ncreate index concurrently i on plans (id);\ncommit;"}),
    "role": ("left as another role", "1_a.sql:1", None, {"1_a.sql": "set role anon;"}),
    "bytes": ("not UTF-8", "1_a.sql:1", None, {"1_a.sql": b"select '\xff';"}),
    "dependents": ("others depend on it", "2_b.sql:2", None, {
        "1_a.sql": BASE, "2_b.sql": "create view v as select id from plans;\nalter table plans alter id type bigint"}),
    "other-result": ("another signature", "2_b.sql:1", None, {
        "1_a.sql": BASE, "2_b.sql": "create or replace function price(i int) returns text language sql as 'select';"}),
    "anything-else": ("refused", "1_a.sql:1", None, {"1_a.sql": "select 1/0;"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as started:
        yield started


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    with scratch(server) as conninfo:
        yield conninfo


def explained(conninfo: str, place: Path) -> tuple[Failure, Cause]:
    failure = run(conninfo, place)
    assert failure is not None
    failure = diagnosed(failure, Checkout(read_sources(place), read_outside(place)))
    assert failure.cause is not None
    assert msgspec.json.decode(msgspec.json.encode(failure), type=Failure) == failure
    return failure, failure.cause


@pytest.mark.parametrize(("kind", "where", "made", "files"), CAUSES.values(), ids=CAUSES)
def test_the_cause_of_a_failure(
    database: str, tmp_path: Path, kind: str, where: str, made: str | None, files: Mapping[str, str | bytes]
) -> None:
    failure, cause = explained(database, checkout(tmp_path, files))
    assert (cause.kind, failure.subject.rpartition("/")[2]) == (kind, where)
    assert (cause.made or "").endswith(made or "")
    assert bool(cause.made) == bool(made)
    assert f"Cause: {cause.said}. Mend: {cause.mend}" in failure.told


def test_what_a_broken_history_lacks_altogether_is_named_once(database: str) -> None:
    sources = [
        source("1_a.sql", "alter table plans add x int;\ninsert into plans (x) values (1);\ncreate table ours ();"),
        source("2_b.sql", "begin;\ncreate view w as select * from v;\ncreate view v as select * from ours; commit;"),
        source("3_c.sql", "alter table public.plans add y int; select helper(1); grant select on ours to nobody_here;"),
        source("4_d.sql", "select * from later;\ncreate table later (); select o.nowhere from ours o;"),
    ]
    names = asyncio.run(missing_names(database, sources))
    assert names == ("plans", "function helper", "role nobody_here", "column o.nowhere")


def test_looking_for_what_is_missing_has_an_end(database: str) -> None:
    sources = [source("1_a.sql", "select * from nowhere;\nselect pg_sleep(60);\nselect * from later;")]
    assert asyncio.run(missing_names(database, sources, within=0.5)) == ("nowhere",)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('relation "public.a b" does not exist', Complaint("missing", "relation", "public.a b")),
        ('column "a" of relation "b" already exists', Complaint("exists", "column", "b.a")),
        ("column x.y does not exist", Complaint("missing", "column", "x.y")),
        ("function f(text, unknown) does not exist", Complaint("missing", "function", "f")),
        ('function "f" already exists with same argument types', Complaint("exists", "function", "f")),
        ('policy "read all" for table "t" already exists', Complaint("exists", "policy", "t.read all")),
        ('constraint "c" of relation "t" does not exist', Complaint("missing", "constraint", "t.c")),
        ('extension "x" is not available; Could not open', Complaint("unavailable", "extension", "x")),
        ('materialized view "m" does not exist', Complaint("missing", "relation", "m")),
        ("permission denied for schema auth", None),
        ("division by zero", None),
    ],
)
def test_what_the_server_complains_about(message: str, expected: Complaint | None) -> None:
    assert complaint_of(message) == expected


def test_definitions_are_found_in_every_form() -> None:
    text = """
        create table a.t (i int, constraint c check (i > 0)); create table t2 as select 1; create view v as select 1;
        create materialized view m as select 1; create sequence s; create domain d as text; create type k as (i int);
        create procedure p() language sql as ''; create aggregate g(int) (sfunc = int4pl, stype = int);
        create schema z; create role r; create extension x; create publication b; create trigger tr before insert on t
        for each row execute function f(); alter table t add constraint k2 unique (i); alter table t set schema z;
        alter table t rename column i to j; alter table t rename constraint k2 to k3; alter function f() rename to h;
        do $$ begin execute 'create table u ()'; end $$; this is no sql; drop function h; drop policy o on t;
        drop type k;
    """
    found = {(made.verb, made.kind, made.name) for made in definitions_of([source("1_a.sql", text)])}
    created = {(kind, name) for verb, kind, name in found if verb == "creates"}
    assert created == {
        ("relation", "a.t"), ("column", "a.t.i"), ("constraint", "a.t.c"), ("relation", "t2"), ("relation", "v"),
        ("relation", "m"), ("relation", "s"), ("type", "d"), ("type", "k"), ("function", "p"), ("function", "g"),
        ("schema", "z"), ("role", "r"), ("extension", "x"), ("publication", "b"), ("trigger", "t.tr"),
        ("constraint", "t.k2"), ("relation", "z.t"), ("column", "t.j"), ("constraint", "t.k3"), ("function", "h"),
        ("relation", "u"),
    }  # fmt: skip
    assert found - {("creates", *name) for name in created} == {
        ("drops", "relation", "t"), ("drops", "column", "t.i"), ("drops", "constraint", "t.k2"),
        ("drops", "function", "f"), ("drops", "function", "h"), ("drops", "policy", "t.o"), ("drops", "type", "k"),
    }  # fmt: skip
