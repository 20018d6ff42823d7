"""Critical statements on a table with many rows: an index that is missing, is seen, and the one that helps is found."""

from collections.abc import Iterator, Mapping

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures.contract.contract_file import read_contract_file
from fixtures.plans.critical import Unindexed, read_indexes, tables_of, unindexed
from fixtures.workbench.engines.server import Server
from selftests.throwaway import execute, running

SCHEMA = """
create table public.bills (
  id bigint primary key, team_id integer not null, state text not null, due date,
  "When" timestamptz not null default now()
);
insert into public.bills
select g, g % 500, case when g % 100 = 0 then 'open' else 'paid' end, date '2026-01-01' + g % 365
from generate_series(1, 10000) g;
create table public.few (id integer, name text);
insert into public.few select g, 'x' from generate_series(1, 50) g;
create function public.newest() returns setof public.bills language plpgsql stable as
  'begin return query select * from public.bills order by id desc limit 1; end';
alter table public.bills enable row level security;
create policy mine on public.bills for select to authenticated using (state <> 'void');
grant select on public.bills, public.few to authenticated;
analyze;
"""
INDEXES = """
create index bills_team_idx on public.bills (team_id, due desc);
create index bills_open_idx on public.bills (due) where state = 'open';
"""
TEAM = (
    "-- role: authenticated\n-- $1: 7\n-- $2: 5\n{mark}\n"
    "select id, due from public.bills where team_id = $1 order by due desc limit $2"
)
OPEN = "{mark}\nselect id from public.bills where state = 'open' order by due limit 20"
ROWS = {"public.bills": 10_000, "public.few": 50}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as started:
        execute(started, SCHEMA + INDEXES)
        yield started


def judged(server: Server, text: str, before: Mapping[str, str] | None = None) -> list[Unindexed]:
    conninfo = make_conninfo(**server.conninfo())
    here = read_indexes(conninfo)
    statement = read_contract_file("seatrial/contract/it.sql", text)
    return list(unindexed(conninfo, [statement], ROWS, here, before or here))


@pytest.fixture
def dropped(server: Server) -> Iterator[Mapping[str, str]]:
    """The indexes there were; all but the key are gone while a test runs."""
    before = read_indexes(make_conninfo(**server.conninfo()))
    execute(server, "drop index public.bills_team_idx, public.bills_open_idx")
    yield before
    execute(server, INDEXES)


@pytest.mark.parametrize(
    "text",
    [
        TEAM.format(mark="-- critical"),
        TEAM.format(mark="-- uses: bills_team_idx"),
        TEAM.format(mark="-- uses: bills_team_idx").replace("-- $1: 7\n", ""),
        OPEN.format(mark="-- uses: bills_open_idx\n-- critical"),
        "-- critical\nselect name from public.few",
        "-- critical\nselect id from public.bills where id = $1",
    ],
)
def test_a_statement_with_its_index_is_silent(server: Server, text: str) -> None:
    assert judged(server, text) == []


def test_the_index_there_was_is_what_helps(server: Server, dropped: Mapping[str, str]) -> None:
    (found,) = judged(server, TEAM.format(mark="-- uses: bills_team_idx"), dropped)

    assert (found.table, found.rows, found.role, found.plan) == (
        "public.bills",
        10_000,
        "authenticated",
        "with its sample values",
    )
    assert (found.index, found.exists) == ("bills_team_idx", False)
    assert "team_id" in found.filter
    assert found.create == "create index concurrently bills_team_idx on public.bills USING btree (team_id, due DESC);"


def test_an_index_is_guessed_tried_and_not_left_behind(server: Server, dropped: Mapping[str, str]) -> None:
    (team,) = judged(server, TEAM.format(mark="-- critical"))
    (waiting,) = judged(server, OPEN.format(mark="-- critical"))
    (odd,) = judged(server, '-- critical\n-- $1: now()\nselect id from public.bills where "When" = $1')

    assert team.create == "create index concurrently bills_team_id_due_idx on public.bills (team_id, due desc);"
    assert waiting.create.startswith("create index concurrently bills_due_idx on public.bills (due) where ")
    assert odd.create == 'create index concurrently bills_when_idx on public.bills ("When");'
    assert set(read_indexes(make_conninfo(**server.conninfo()))) & {"seatrial_guess", "bills_team_id_due_idx"} == set()


def test_what_no_index_helps_is_still_told(server: Server) -> None:
    (found,) = judged(server, "-- critical\nselect state from public.bills")

    assert (found.table, found.create) == ("public.bills", "")


def test_another_name_for_the_same_index_is_silent(server: Server) -> None:
    before = read_indexes(make_conninfo(**server.conninfo()))
    execute(server, "alter index public.bills_team_idx rename to bills_of_a_team_idx")
    try:
        assert judged(server, TEAM.format(mark="-- uses: bills_team_idx"), before) == []
        assert judged(server, TEAM.format(mark="-- uses: bills_team_idx")) != []
    finally:
        execute(server, "alter index public.bills_of_a_team_idx rename to bills_team_idx")


def test_another_index_under_the_name_is_none_unless_it_serves_as_well(
    server: Server, dropped: Mapping[str, str]
) -> None:
    execute(server, "create index bills_team_idx on public.bills ((team_id::text), due)")
    (found,) = judged(server, TEAM.format(mark="-- uses: bills_team_idx"), dropped)
    execute(server, "drop index public.bills_team_idx; create index bills_team_idx on public.bills (team_id, due)")
    silent = judged(server, TEAM.format(mark="-- uses: bills_team_idx"), dropped)
    execute(server, "drop index public.bills_team_idx")

    assert (found.table, found.exists) == ("public.bills", True)
    assert found.create.startswith("create index concurrently bills_team_id_due_idx on public.bills ")
    assert silent == []


def test_an_index_that_only_narrows_down_costs_more(server: Server, dropped: Mapping[str, str]) -> None:
    execute(server, "create index bills_due_idx on public.bills (due)")
    (found,) = judged(server, TEAM.format(mark="-- uses: bills_team_idx"), dropped)
    execute(server, "drop index public.bills_due_idx")

    assert found.create == "create index concurrently bills_team_idx on public.bills USING btree (team_id, due DESC);"


def test_an_index_beside_the_one_that_is_named_may_serve(server: Server) -> None:
    execute(server, "create index bills_team_more_idx on public.bills (team_id, due desc) include (id)")
    try:
        assert judged(server, TEAM.format(mark="-- uses: bills_team_idx")) == []
    finally:
        execute(server, "drop index public.bills_team_more_idx")


def test_an_index_that_there_never_was_is_told(server: Server) -> None:
    (found,) = judged(server, TEAM.format(mark="-- uses: bills_teem_idx"))

    assert (found.index, found.exists, found.table, found.create) == ("bills_teem_idx", False, "", "")


def test_an_invalid_index_is_none(server: Server) -> None:
    conninfo = make_conninfo(**server.conninfo(user="supabase_admin"))
    mark = "update pg_index set indisvalid = %s where indexrelid = 'public.bills_team_idx'::regclass"
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(mark, (False,))
        try:
            (found,) = judged(server, TEAM.format(mark="-- uses: bills_team_idx"))
        finally:
            connection.execute(mark, (True,))

    assert (found.index, found.exists) == ("bills_team_idx", False)


def test_what_cannot_be_planned_is_named(server: Server) -> None:
    conninfo = make_conninfo(**server.conninfo())
    texts = ["select * from public.newest()", "select colour from public.bills", "select id from public.bills"]
    statements = [read_contract_file(f"{number}.sql", text) for number, text in enumerate(texts)]

    tables, unplanned = tables_of(conninfo, statements)

    assert tables == {"public.bills"}
    assert [(one.place, one.why) for one in unplanned] == [
        ("0.sql", "its work is done in newest, into which a plan does not look"),
        ("1.sql", 'column "colour" does not exist'),
    ]
