"""What a function's body names and nothing answers to is found without calling the function."""

import asyncio
from collections.abc import Iterator

import pytest

from fixtures import Unobservable
from fixtures.lint.functions import Bodies
from fixtures.lint.late_bound import look
from selftests.lint_bench import LintBench, lint_bench

BASE = """
create type public.state as enum ('new', 'done');
create table public.t (id uuid primary key, a int, b text, state public.state);
create table public.log (at timestamptz, what jsonb);
create schema app;
create type app.pair as (x int, y int);
create table app.things (id int, name text);
create function public.twice(n int) returns int language sql as 'select n * 2';
"""


@pytest.fixture(scope="module")
def bench() -> Iterator[LintBench]:
    with lint_bench(BASE) as ready:
        yield ready


def seen(bench: LintBench, sql: str, kind: str = "plpgsql") -> Bodies:
    async def run() -> Bodies:
        async with bench.base() as connection:
            await connection.execute("set check_function_bodies = off")
            await connection.execute(sql.encode())
            await connection.execute("reset check_function_bodies")
            return await look(connection, kind)

    return asyncio.run(run())


def function(body: str, declare: str = "", arguments: str = "", returns: str = "void", options: str = "") -> str:
    begun = f"{f'declare {declare}' if declare else ''} begin {body} end"
    return f"create function public.f({arguments}) returns {returns} language plpgsql {options} as $f$ {begun} $f$;"


BROKEN = [
    (function("perform c from t;"), 'column "c" does not exist'),
    (function("perform 1;\n\nupdate t set c = 1;"), 'column "c" of relation "t" does not exist'),
    (function("insert into nowhere values (1);"), 'relation "nowhere" does not exist'),
    (function("perform trice(1);"), "function trice(integer) does not exist"),
    (function("perform twice(b) from t;"), "function twice(text) does not exist"),
    (function("perform 1 from t where id = p;", arguments="p text"), "operator does not exist: uuid = text"),
    (function("perform 'new'::nothing;"), 'type "nothing" does not exist'),
    (function("perform 1 from t where state = 'lost';"), 'invalid input value for enum state: "lost"'),
    (function("insert into t (id) values (p);", arguments="p text"), 'column "id" is of type uuid but expression is'),
    (function("insert into log (at) values (now(), 1);"), "INSERT has more expressions than target columns"),
    (function("if exists (select from t where c = 1) then return; end if;"), 'column "c" does not exist'),
    (function("v := (select count(*) from t where c = v);", "v int;"), 'column "c" does not exist'),
    (function("return query select c from t;", returns="setof int"), 'column "c" does not exist'),
    (function("for r in select id from t loop perform r.name; end loop;", "r record;"), 'has no field "name"'),
    (function("select * into r from t; perform r.id, r.name;", "r record;"), 'has no field "name"'),
    (function("v.z := 1;", "v app.pair;"), 'has no field "z"'),
    (function("select * into v from t; perform v.name;", "v public.t%rowtype;"), 'has no field "name"'),
    (function("select c into v from t;", "v public.t.id%type;"), 'column "c" does not exist'),
    (function("perform 1; exception when others then insert into nowhere values (1);"), '"nowhere" does not exist'),
    (function("perform id from things;"), 'relation "things" does not exist'),
    (function("perform id from t;", options="set search_path = ''"), 'relation "t" does not exist'),
    (function("perform state = v from t;", "v state; w state[];") + function(
        "null;", arguments="x app.pair, y state[]").replace(".f(", ".g(") + function(
        "perform c from t where state = any (w) and state = v;", "v state; w state[];").replace(".f(", ".h("),
     'column "c" does not exist'),
    (function("case v when 'new' then null; when 'lost' then null; end case;", "v state;"), 'enum state: "lost"'),
    (function("open cur for select c from t;", "cur refcursor;"), 'column "c" does not exist'),
    (function("for r in cur loop null; end loop;", "cur cursor for select c from t; r record;"), "does not exist"),
    (function("n := c;", "n int;", arguments="p text", returns="record"), 'column "c" does not exist'),
    ("create procedure f(p int) language plpgsql as $$ begin perform p, c from t; end $$", 'column "c" does not exist'),
]  # fmt: skip
SOUND = [
    function("perform a, b from t where id = p and a = v;", "v int := 1;", arguments="p uuid"),
    function("perform $1, f.p;", arguments="p uuid"),
    function("select id, state into v, s from t; insert into t (id, state) values (v, s);", "v uuid; s public.state;"),
    function("for r in select t.id, a as n from t where a > k loop perform r.id, r.n; end loop;", "r record; k int;"),
    function("for n in 1..10 loop perform twice(n); end loop; foreach n in array l loop null; end loop;",
             "n int; l int[] := '{1}';"),
    function("v.x := 1; perform v.x + v.y; l[1] := 2;", "v app.pair; l int[];"),
    function("v := null; perform v.id, v.state;", "v t;"),
    function("a := b; c := a; return next; return query select 1, 'x';", arguments="b int, out a int, out c text",
             returns="setof record"),
    function("return query select t.id, t.b from t;", returns="table (id uuid, b text)"),
    function("create temp table mine (x int); insert into mine values (1); perform x from mine;"),
    function("execute 'create temp table made (x int)'; perform x from made;"),
    function("execute format('select %I from nowhere', 'c');"),
    function("if to_regclass('public.later') is not null then perform 1 from later; end if;"),
    function("perform c from t; exception when undefined_column then null;"),
    function("perform 1 from nowhere; exception when undefined_table or undefined_column then null;"),
    function("perform id from things;", options="set search_path = app"),
    function("if not found then raise exception '%', sqlerrm using hint = b from t; end if;").replace(" from t", "")
    .replace("hint = b", "hint = 'b'"),
    function("perform c.oid from pg_catalog.pg_class c;"),
    function("begin perform 1; exception when others then perform sqlstate, sqlerrm; end;"),
    function("case n when 1 then null; else null; end case; perform 'x' where n = 1;", "n int;"),
    function("case v when 'x' then null; when 'y', 'z' then null; else null; end case;", "v text;"),
    function("perform (n).x, (select (n).y);", "n app.pair;"),
    function("insert into log values (now(), jsonb_build_object('c', 1)) returning what into w;", "w jsonb;"),
    function("with x as (delete from t where a = n returning id) insert into log select now(), to_jsonb(x) from x;",
             "n int;"),
    function("<<outer>> declare n int; begin outer.n := 1; perform outer.n; end;"),
    function("perform vault.nothing(), net.http_post_later('x');"),
    function("perform sign('{}'::json, 'secret');"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "says"), BROKEN)
def test_what_nothing_answers_to_is_told(bench: LintBench, sql: str, says: str) -> None:
    (broken,) = seen(bench, sql).broken
    assert says in broken.says
    assert broken.subject.startswith("function public.")


@pytest.mark.parametrize("sql", SOUND)
def test_what_is_sound_or_cannot_be_known_is_not_told(bench: LintBench, sql: str) -> None:
    bodies = seen(bench, sql + function("null;").replace(".f(", ".other("))
    assert bodies.broken == ()


TRIGGER = "create trigger f before insert or update on public.t for each row execute function public.f();"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("new.updated_at := now(); return new;", 'record "new" has no field "updated_at"'),
        ("insert into log values (now(), to_jsonb(new)); perform old.name; return new;", 'has no field "name"'),
        ("if tg_op = 'UPDATE' or tg_ops = 'x' then return new; end if; return new;", 'column "tg_ops" does not'),
        ("if new.state = 'lost' then return null; end if; return new;", 'for enum state: "lost"'),
        ("insert into t (id, c) values (new.id, 1); return null;", 'column "c" of relation "t" does not exist'),
    ],
)
def test_a_trigger_is_tried_with_its_tables_rows(bench: LintBench, body: str, says: str) -> None:
    (broken,) = seen(bench, function(body, returns="trigger") + TRIGGER, "trigger").broken
    assert says in broken.says
    assert broken.table == "public.t"


@pytest.mark.parametrize(
    "sql",
    [
        function("new.a := coalesce(old.a, 1) + tg_nargs; return new;", returns="trigger") + TRIGGER,
        function("insert into log select now(), to_jsonb(n) from fresh n; return null;", returns="trigger")
        + "create trigger f after insert on public.t referencing new table as fresh execute function public.f();",
        function("if tg_op = 'DELETE' then return old; end if; perform tg_argv[0], tg_table_name; return new;",
                 "row_now jsonb := to_jsonb(new);", returns="trigger") + TRIGGER,
    ],
)  # fmt: skip
def test_a_sound_trigger_is_not_told(bench: LintBench, sql: str) -> None:
    bodies = seen(bench, sql, "trigger")
    assert (bodies.looked_at, bodies.broken) == (1, ())


@pytest.mark.parametrize(
    "sql",
    [
        "create function f() returns int language sql as 'select c from t';",
        "create table u (i int); create function f() returns int language sql as 'select i from u'; drop table u;",
        "create function f() returns int language sql as $$ select 'text'::text $$;",
    ],
)
def test_sql_functions_are_made_again(bench: LintBench, sql: str) -> None:
    (broken,) = seen(bench, sql, "sql").broken
    assert broken.function == "public.f()"


def test_line_and_statement_are_those_of_the_body(bench: LintBench) -> None:
    body = "$$\nbegin\n  perform 1;\n  update t\n  set c = 1;\nend $$"
    (broken,) = seen(bench, f"create function f() returns void language plpgsql as {body}").broken
    assert (broken.line, broken.statement) == (4, "update t\n  set c = 1")


def test_what_is_left_out_is_named(bench: LintBench) -> None:
    dynamic = function("execute 'select 1'; perform r.x;", "r record;")
    bodies = seen(bench, dynamic + function("null;").replace(".f(", ".g("))
    assert (bodies.looked_at, bodies.broken) == (2, ())
    assert bodies.left_out == (
        "public.f(): dynamic SQL left out",
        "public.f(): 1 of 2 statements left out",
    )


def test_when_nothing_can_be_looked_at_nothing_is_verified(bench: LintBench) -> None:
    with pytest.raises(Unobservable, match="not one of 1 functions"):
        seen(bench, function("perform p;", arguments="p anyelement"))
    with pytest.raises(Unobservable, match="no trigger calls it"):
        seen(bench, function("return new;", returns="trigger"), "trigger")


def test_nothing_is_left_behind(bench: LintBench) -> None:
    async def run() -> list[object]:
        async with bench.base() as connection:
            await connection.execute(function("select * into r from t; perform r.id;", "r record;").encode())
            before = "select count(*) from pg_class union all select count(*) from pg_proc"
            counted = await (await connection.execute(before)).fetchall()
            await look(connection, "plpgsql")
            return [counted, await (await connection.execute(before)).fetchall()]

    first, second = asyncio.run(run())
    assert first == second
