"""Functions that run SQL made of what they are given are found; those that quote, bind or compare it are not."""

from collections.abc import Iterator

import pytest

from fixtures.access.weakness import Weakness
from fixtures.workbench.engines.server import Server
from selftests.policy_house import found_after, house

GRANTED = "grant execute on all functions in schema public to anon, authenticated;"
RUNS = "create function public.run(statement text) returns void language plpgsql as $$ begin execute statement; end $$;"


def _function(body: str, argument: str = "p text", more: str = "", declared: str = "") -> str:
    return (
        f"create function public.f({argument}) returns void language plpgsql {more} as"
        f" $$ {declared} begin {body} end $$; {GRANTED}"
    )


CONCATENATED = {
    "joined": _function("execute 'select ' || p;"),
    "format with %s": _function("execute format('select * from notes where body = %s', p);"),
    "format with a position": _function("execute format('select %1$I, %2$s', 'id', p);"),
    "format of what was given": _function("execute format(p, 1);"),
    "through a variable": _function("q := 'select '; q := q || p; execute q;", declared="declare q text;"),
    "on one way of two": _function(
        "if p <> '' then q := q || p; end if; execute q;", declared="declare q text := 'select 1 ';"
    ),
    "from JSON": _function(
        "for k in select jsonb_object_keys(p) loop execute 'select ' || k; end loop;",
        "p jsonb",
        declared="declare k text;",
    ),
    "an array": _function("execute 'select ' || array_to_string(p, ', ');", "p text[]"),
    "without a name": _function("execute 'select ' || $1;", "text"),
    "a cursor's rows": _function(
        "for r in execute 'select 1 as n where ' || p loop null; end loop;", declared="declare r record;"
    ),
    "whole": _function("execute p;"),
    "handed on": RUNS + _function("perform public.run('select ' || p);"),
    "handed on, in SQL": RUNS
    + "create function public.f(p text) returns void language sql as $$ select public.run('drop table ' || p) $$;"
    + GRANTED,
    "checked only for NULL": _function("if p is null then raise exception 'no'; end if; execute 'select ' || p;"),
}
SAFE = {
    "a parameter": _function("execute 'select $1' using p;"),
    "format with %L": _function("execute format('select %L', p);"),
    "quote_literal": _function("execute 'select ' || quote_literal(p);"),
    "quote_nullable in a variable": _function("p := quote_nullable(p); execute 'select ' || p;"),
    "a number": _function("execute 'select 1 limit ' || p;", "p integer"),
    "an id": _function("execute 'select ''' || p || '''';", "p uuid"),
    "a cast to a number": _function("execute 'select ' || p::integer;"),
    "compared with a list": _function(
        "if p not in ('notes', 'comments') then raise exception 'no'; end if; execute 'select count(*) from ' || p;"
    ),
    "one of two words": _function(
        "d := case when p = 'up' then 'asc' else 'desc' end; execute 'select 1 order by 1 ' || d;",
        declared="declare d text;",
    ),
    "SQL without what was given": _function("execute 'select 1'; perform p;"),
    "a name, with the caller's rights": _function("execute format('select count(*) from %I', p);"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with house() as server:
        yield server


def _of(server: Server, text: str, name: str = "f") -> list[Weakness]:
    return [each for each in found_after(server, text) if each.about.startswith((f"{name}(", f"public.{name}("))]


@pytest.mark.parametrize("name", CONCATENATED)
def test_it_is_found(server: Server, name: str) -> None:
    (found,) = _of(server, CONCATENATED[name])
    assert (found.rule, found.who) == ("concatenated", ("anon", "authenticated"))


@pytest.mark.parametrize("name", SAFE)
def test_what_is_quoted_bound_or_compared_is_not(server: Server, name: str) -> None:
    assert _of(server, SAFE[name]) == []


def test_a_name_that_the_caller_chooses_is_found_where_the_rights_are_the_owners(server: Server) -> None:
    (found,) = _of(server, _function("execute format('delete from %I', p);", more="security definer"))
    assert found.rule == "chosen-name"


def test_what_no_client_may_call_is_a_lesser_thing(server: Server) -> None:
    text = _function("execute 'select ' || p;").replace(
        GRANTED, "revoke execute on function public.f(text) from public;"
    )
    (found,) = _of(server, text)
    assert (found.rule, found.who) == ("concatenated-inside", ())


@pytest.mark.parametrize(("granted", "rule"), [("insert", "concatenated"), ("select", None)])
def test_rows_that_clients_write_come_from_outside(server: Server, granted: str, rule: str | None) -> None:
    text = f"""
    create table public.tags (name text);
    alter table public.tags enable row level security;
    grant {granted} on public.tags to authenticated;
    create function public.f() returns trigger language plpgsql as
      $$ begin execute 'notify tags, ''' || new.name || ''''; return new; end $$;
    create trigger told after insert on public.tags for each row execute function public.f();
    """
    assert {each.rule for each in _of(server, text)} - {"concatenated-inside"} == ({rule} if rule else set())


def test_its_sql_takes_it_away_from_clients(server: Server) -> None:
    (found,) = _of(server, CONCATENATED["joined"])
    after = found_after(server, CONCATENATED["joined"], found.instead)
    assert [each.rule for each in after if each.about == found.about] == ["concatenated-inside"]
