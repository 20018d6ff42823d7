"""Whether the restore drill sees that rows hold other values, and not that they are written in another way."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from fixtures.restoring import contents
from fixtures.restoring.contents import Contents
from fixtures.restoring.facts import Restored
from fixtures.workbench.engines.local import LocalServer
from selftests.restoring_bench import connected, found, held
from selftests.restoring_bench import server as server  # a fixture, for whoever asks for it by name

ALL_KINDS = """
create schema kinds;
create type kinds.colour as enum ('red', 'blue');
create type kinds.pair as (one int, other text);
create domain kinds.short as text check (length(value) < 9);
create table kinds.parent (a int, gone text, z text);
create table kinds.child (m timestamptz) inherits (kinds.parent);
alter table kinds.parent drop column gone, add column b double precision;
create table kinds.every (
  id int primary key, f4 real, f8 double precision, n numeric, at timestamptz, on_day date, took interval, raw bytea,
  doc jsonb, plain json, words text[], colour kinds.colour, colours kinds.colour[], pair kinds.pair, short kinds.short,
  price money, during tstzrange, place point, net inet, kind regclass, searched tsvector, "odd, name" uuid,
  twice numeric generated always as (n * 2) stored
);
insert into kinds.parent values (1, 'z', 0.1), (null, null, 'NaN');
insert into kinds.child values (1, 'z', '2024-03-31 01:30+01', 1e-300);
insert into kinds.every values
  (1, 0.1, 0.1::float8 + 0.2, 1.50, '2024-01-31 23:59:59.123456+02', '2024-02-29', '-1 mons +2 days -03:04',
   '\\x00ff5c', '{"b": 1.0, "a": "\\u00e9"}', '{"b":1, "b":2}', '{"a,b",null,"\\"q\\""}', 'red', '{red,blue}',
   '(1,"a, b")', 'ü', '12.34', '[2024-01-01 00:00+05,)', '(0.1,2)', '10.0.0.1/8',
   'kinds.parent', 'fat & rats', gen_random_uuid());
insert into kinds.every (id) values (2);
alter database source set timezone = 'Asia/Tokyo';
alter database source set datestyle = 'SQL, DMY';
alter database source set intervalstyle = 'iso_8601';
alter database source set bytea_output = 'escape';
alter database source set extra_float_digits = -3;
"""

IMPURE = """
create table kinds.impure (id int, at double precision generated always as (kinds.now_and_then(id)) stored);
insert into kinds.impure (id) values (1), (2);
"""
CLOCK = """
create function kinds.now_and_then(int) returns double precision language sql immutable
  as 'select extract(epoch from pg_catalog.clock_timestamp())';
"""
OTHERS = "as many rows were restored as were dumped, and their values are others"


@pytest.fixture
def kinds(server: LocalServer) -> Iterator[LocalServer]:
    """A table of every kind of value, in a database that writes them in its own way."""
    with connected(server) as connection:
        connection.execute(ALL_KINDS.encode())
    yield server
    with connected(server) as connection:
        connection.execute("drop schema kinds cascade")
        connection.execute("alter database source reset all")


def test_values_that_are_written_otherwise_are_the_same(kinds: LocalServer) -> None:
    seen = held(kinds)

    assert "rows" not in found(seen)
    assert isinstance(seen["rows"], Restored)
    assert seen["rows"].looked_at == 6


def test_a_column_that_every_restore_makes_anew_is_seen(kinds: LocalServer) -> None:
    with connected(kinds) as connection:
        connection.execute((CLOCK + IMPURE).encode())

    rows = held(kinds)["rows"]

    assert isinstance(rows, Restored)
    assert [(flaw.name, flaw.why) for flaw in rows.wrong] == [("kinds.impure", OTHERS)]


def test_a_large_table_is_counted_only(kinds: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "LARGEST", 0)
    with connected(kinds) as connection:
        connection.execute((CLOCK + IMPURE).encode())

    assert "rows" not in found(held(kinds))


def test_two_tables_are_compared_by_rows_and_by_what_both_have() -> None:
    before = Contents(2, ("a",), Decimal(7))

    assert before.differs(before) is None
    assert before.differs(None) == "2 rows were dumped, and it is not there"
    assert before.differs(Contents(1, ("a",), Decimal(7))) == "2 rows were dumped, 1 restored"
    assert before.differs(Contents(2, ("a",), Decimal(8))) == OTHERS
    assert before.differs(Contents(2, ("b",), Decimal(8))) is None  # the catalog says which columns are not there
