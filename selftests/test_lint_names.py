"""Names that the running release may use are missed when they go, and not when something answers to them."""

from collections.abc import Iterator

import pytest

from selftests.lint_bench import LintBench, cases, lint_bench

BASE = """
create table public.t (id int primary key, a int, b text);
create view public.v as select id, a from public.t;
create type public.state as enum ('new', 'done');
create type public.pair as (x int, y int);
create domain public.amount as int;
create sequence public.numbers;
create function public.f(a int, b text default '') returns int language sql as 'select 1';
create function public.g(a int) returns table (id int, b text) language sql as $$ select 1, ''::text $$;
create function public.touch() returns trigger language plpgsql as 'begin return new; end';
create schema private;
create table private.p (id int);
"""
RENAMED = [
    ("select 1;\nalter table t rename column a to z;", 2, "column public.t.a"),
    ("alter table t rename to tt;", 1, "table public.t"),
    ("alter view v rename to vv;", 1, "view public.v"),
    ("alter view v rename column a to z;", 1, "column public.v.a"),
    ("alter type state rename value 'new' to 'fresh';", 1, "value public.state 'new'"),
    ("alter type state rename to condition;", 1, "type public.state"),
    ("alter type pair rename attribute x to z;", 1, "column public.pair.x"),
    ("alter function f rename to ff;", 1, "function public.f(integer, text)"),
    ("alter table t set schema private;", 1, "table public.t"),
    ("alter schema private rename to secret;", 1, "schema private"),
    ("do $$ begin\n execute 'alter table t rename a to z';\nend $$;", 1, "column public.t.a"),
    ("alter table t rename a to z;\nalter table t add c int;\ncreate table u ();", 1, "column public.t.a"),
]
REMOVED = [
    ("drop view v;", 1, "view public.v"),
    ("drop view v;\ncreate view v as select id from t;", 1, "column public.v.a"),
    ("drop function f;", 1, "function public.f(integer, text)"),
    ("drop function f;\ncreate function f(a bigint) returns int language sql as 'select 1';", 1,
     "function public.f(integer, text)"),
    ("drop function f;\ncreate function f(a int, b text) returns int language sql as 'select 1';", 1,
     "function public.f(integer, text)"),
    ("drop function f;\ncreate function f(c int, b text default '') returns int language sql as 'select 1';", 1,
     "function public.f(integer, text)"),
    ("drop function g;\ncreate function g(a int) returns table (id int) language sql as 'select 1';", 1,
     "function public.g(integer)"),
    ("drop type pair;", 1, "type public.pair"),
    ("drop domain amount;", 1, "type public.amount"),
    ("drop sequence numbers;", 1, "sequence public.numbers"),
    ("alter type state rename to old;\ncreate type state as enum ('new');\ndrop type old;", 3,
     "value public.state 'done'"),
]  # fmt: skip
KEPT = [
    ("alter table t rename to tt;\ncreate view t as select * from tt;",),
    ("alter table t rename a to z;\nalter table t add a int generated always as (z) stored;",),
    ("alter table t add c int;",),
    ("drop view v;\ncreate view v as select id, a, b from t;",),
    ("create or replace view v as select id, a, b from t;",),
    ("drop function f;\ncreate function f(a int, b text default '', c int default 0) returns int language sql"
     " as 'select 1';",),
    ("create function f(a int, b text, c int) returns int language sql as 'select 1';",),
    ("drop function g;\ncreate function g(a int) returns table (id int, b text, c int) language sql"
     " as $$ select 1, ''::text, 2 $$;",),
    ("drop function touch;",),
    ("create table u (a int);\nalter table u rename a to b;", "drop table u;"),
    ("alter type state add value 'old';",),
    ("alter type state rename to old;\ncreate type state as enum ('new', 'done', 'more');\ndrop type old;",),
    ("create index i on t (a);\nalter index i rename to j;\nalter table t rename constraint t_pkey to t_key;",),
    # told by those who know whether data go with it
    ("drop table private.p;",), ("alter table t drop column b;",), ("drop schema private cascade;",),
    ("-- squawk-ignore renaming-column\nalter table t rename a to z;",),
    ("-- squawk-ignore ban-drop-view\ndrop view v;",),
]  # fmt: skip


@pytest.fixture(scope="module")
def bench() -> Iterator[LintBench]:
    with lint_bench(BASE) as ready:
        yield ready


@pytest.mark.parametrize(("text", "line", "name"), RENAMED)
def test_a_rename_is_told_with_the_old_name(bench: LintBench, text: str, line: int, name: str) -> None:
    flaws = bench.tried(text).flaws
    assert [(flaw.subject, *cases([flaw])[0]) for flaw in flaws] == [(name, "renamed", line)]


@pytest.mark.parametrize(("text", "line", "name"), REMOVED)
def test_what_is_gone_is_told(bench: LintBench, text: str, line: int, name: str) -> None:
    flaws = bench.tried(text).flaws
    assert [(flaw.subject, *cases([flaw])[0]) for flaw in flaws] == [(name, "removed", line)]


@pytest.mark.parametrize("texts", KEPT)
def test_what_still_answers_is_not_missed(bench: LintBench, texts: tuple[str, ...]) -> None:
    trial = bench.tried(*texts)
    assert (trial.flaws, trial.stop) == ([], None)


NOTHING_DONE = [
    ("create table if not exists t (id int, a int, b text, c int);", "no column c"),
    ("create table if not exists t (id int, a text, b text);", "column a is integer, not text"),
    ("create table if not exists t (id int, a int not null, b text);", "column a is integer, not integer not null"),
    ("create table if not exists t (id int, a int default 1, b text);", "default of its column a is nothing, not 1"),
    ("create table if not exists t (id int, a int unique, b text);", "lacks UNIQUE (a)"),
    ("create table if not exists t (id int, a int check (a > 0), b text);", "lacks CHECK"),
    ("alter table t add column if not exists a text;", "column a is integer, not text"),
    ("alter table t add if not exists c int, add if not exists a text;", "column a is integer, not text"),
    ("create index t_a on t (a);\ncreate index if not exists t_a on t (b);", "(a)"),
    ("create index t_a on t (a);", "create unique index concurrently if not exists t_a on t (a);", "(a)"),
    (
        "create table p (a int) partition by list (a);\ncreate table q (a int);\n"
        "create table if not exists q partition of p for values in (1);",
        "it is no partition of p",
    ),
    ("set client_min_messages = error;\ncreate table if not exists t (c int);", "no column c"),
]
SWALLOWED = "do $$ begin\n create type state as enum ({});\nexception when duplicate_object then null; end $$;"
DONE_ALREADY = [
    SWALLOWED.format("'new', 'done'"),
    SWALLOWED.format("'new'"),
    SWALLOWED.format("'new', 'lost'").replace("state", "other"),
    "create table if not exists t (id int primary key, a int, b text);",
    "create table if not exists t (id int);",
    "create table if not exists u (c int);",
    "alter table t add column if not exists a int;",
    "alter table t add column if not exists id int;",
    "create index t_a on t (a);\ncreate index if not exists t_a on t (a);\ncreate index if not exists t_b on t (b);",
    "create table s (id serial, at timestamptz default now());\n"
    "create table if not exists s (id serial, at timestamptz default now());",
    "create table p (a int) partition by list (a);\ncreate table q partition of p for values in (1);\n"
    "create table if not exists q partition of p for values in (1);",
    "create schema if not exists private;\ncreate extension if not exists plpgsql;",
]


@pytest.mark.parametrize("row", NOTHING_DONE)
def test_if_not_exists_over_something_else_is_told(bench: LintBench, row: tuple[str, ...]) -> None:
    *texts, says = row
    (flaw,) = bench.tried(*texts).flaws
    assert flaw.case == "migration_lint[nothing-done]"
    assert says in flaw.says


def test_a_block_that_swallows_that_a_type_exists_is_told(bench: LintBench) -> None:
    (flaw,) = bench.tried(SWALLOWED.format("'new', 'lost'")).flaws
    assert flaw.subject == "type state"
    assert "without lost" in flaw.says


@pytest.mark.parametrize("text", DONE_ALREADY)
def test_if_not_exists_over_the_same_is_silent(bench: LintBench, text: str) -> None:
    trial = bench.tried(text)
    assert (trial.flaws, trial.uncompared, trial.stop) == ([], [], None)


def test_the_trial_leaves_what_it_compares_with_alone(bench: LintBench) -> None:
    trial = bench.tried(
        "create table if not exists t (c int);\nalter table t add c int;\ninsert into t (id, c) values (1, 2);"
    )
    assert (cases(trial.flaws), trial.stop) == ([("nothing-done", 1)], None)
