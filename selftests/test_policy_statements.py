"""Statements that no program of one's own sends are told apart from those that programs send."""

import asyncio
from collections.abc import Iterator

import pytest
from psycopg.conninfo import make_conninfo

from fixtures import Inapplicable, Unobservable
from fixtures.policies.statements import read_suspicious, reasons_in
from fixtures.policies.syntax import statements
from fixtures.postgres.reading import Reading
from fixtures.workbench.engines.server import Server
from selftests.throwaway import execute, running

SUSPICIOUS = [
    "select id from notes where body = $1 or $2 = $3",
    "select pg_sleep($1)",
    "select rolpassword from pg_catalog.pg_authid",
    "select a from t union select usename from pg_shadow",
    "copy t from program 'id'",
    "select pg_read_file($1)",
]
USUAL = [
    "select id from notes where body = $1 or title = $2",
    "insert into notes (body) values ($1)",
    'with pgrst_source as (select "public"."notes"."id" from "public"."notes" where "notes"."id" = $1) select 1',
    "select set_config($1, $2, true)",
    "copy t from stdin",
]
STAND_IN = """
drop extension if exists pg_stat_statements;
create view extensions.pg_stat_statements as
  select (select oid from pg_roles where rolname = 'anon') as userid,
         (select oid from pg_database where datname = current_database()) as dbid,
         {query}::text as query, 3::bigint as calls;
"""


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as server:
        yield server


def _read(server: Server) -> list[str]:
    reading = Reading(make_conninfo(**server.conninfo()), "the database")
    return [each.says for each in asyncio.run(read_suspicious(reading))]


@pytest.mark.parametrize("text", SUSPICIOUS)
def test_an_attempt_is_told(text: str) -> None:
    assert [reason for tree in statements(text) for reason in reasons_in(tree)]


@pytest.mark.parametrize("text", USUAL)
def test_what_programs_send_is_not(text: str) -> None:
    (tree,) = statements(text)
    assert list(reasons_in(tree)) == []


def test_a_server_that_counts_nothing_is_said_to(server: Server) -> None:
    with pytest.raises(Inapplicable, match="counts no statements"):
        _read(server)


def test_what_was_counted_is_read(server: Server) -> None:
    execute(server, STAND_IN.format(query="'select pg_sleep($1)'"))
    assert _read(server) == ["anon sent, 3 times, a statement that calls pg_sleep"]


def test_hidden_statements_are_not_taken_for_none(server: Server) -> None:
    execute(server, STAND_IN.format(query="'<insufficient privilege>'"))
    with pytest.raises(Unobservable, match="pg_read_all_stats"):
        _read(server)
