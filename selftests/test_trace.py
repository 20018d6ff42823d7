"""What a statement does to what was there before it is seen: locks, new files, rows, columns, indexes."""

from collections.abc import Iterator

import pytest

from selftests.rehearsing import Harbour, harbour

BASE = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (version text primary key, name text);
create table public.orders (id int primary key, note varchar(20), amount int, paid boolean);
create index orders_amount on public.orders (amount);
insert into public.orders select g, 'n', g, true from generate_series(1, 500) g;
create table public.lines (id int primary key, order_id int);
insert into public.lines select g, g from generate_series(1, 500) g;
create table public.events (id int, at date) partition by range (at);
create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01');
"""
AEL, SUE = "AccessExclusiveLock", "ShareUpdateExclusiveLock"


@pytest.fixture(scope="module")
def base() -> Iterator[Harbour]:
    with harbour(BASE) as built:
        yield built


def test_a_lock_is_held_until_its_transaction_ends_which_is_its_file(base: Harbour) -> None:
    seen = base.traced("alter table public.orders add column a int; select 1", "select 2")

    assert seen.locks(0) == seen.locks(1) == {"public.orders": AEL}
    assert seen.steps[0].before == {} and seen.names(seen.steps[1].before) == {"public.orders"}
    assert seen.locks(2) == {} and seen.steps[2].before == {}


def test_the_lock_on_a_dropped_table_is_not_lost(base: Harbour) -> None:
    seen = base.traced("drop table public.lines")

    assert seen.locks(0) == {"public.lines": AEL}
    assert seen.names(seen.steps[0].gone) == {"public.lines"}


def test_what_a_release_makes_itself_does_not_count(base: Harbour) -> None:
    seen = base.traced(
        "create table public.fresh (id int); insert into public.fresh select 1; create index on public.fresh (id)",
        "drop table public.fresh",
    )

    assert [seen.locks(place) for place in range(4)] == [{}, {}, {}, {}]
    assert not any(step.gone or step.built for step in seen.steps)


def test_a_rewrite_is_told_from_a_truncation_and_from_neither(base: Harbour) -> None:
    seen = base.traced(
        "alter table public.orders alter column amount type bigint",
        "truncate public.lines",
        "alter table public.orders alter column note type text",
    )
    assert [seen.names(step.rewritten) for step in seen.steps] == [{"public.orders"}, set(), set()]
    assert [seen.names(step.truncated) for step in seen.steps] == [set(), {"public.lines"}, set()]
    assert not any(step.built or step.rebuilt for step in seen.steps)


def test_a_materialized_view_that_is_refreshed_is_written_anew(base: Harbour) -> None:
    seen = base.traced(
        "refresh materialized view public.totals",
        before="create materialized view public.totals as select sum(amount) from public.orders",
    )
    assert seen.names(seen.steps[0].rewritten) == {"public.totals"}
    assert seen.steps[0].truncated == set()


def test_rows_are_counted_for_the_statement_and_not_for_the_session(base: Harbour) -> None:
    seen = base.traced(
        "update public.orders set note = 'x' where id <= 100;"
        " alter table public.orders add check (amount > 0) not valid",
        "alter table public.orders validate constraint orders_amount_check; delete from public.orders where id = 1",
    )
    counts = [{seen.catalog.spoken(oid): change for oid, change in step.changes.items()} for step in seen.steps]
    assert counts[0]["public.orders"].updated == 100
    assert counts[1]["public.orders"].most == 0
    assert (counts[2]["public.orders"].read, counts[2]["public.orders"].updated) == (500, 0)
    assert counts[3]["public.orders"].deleted == 1


def test_indexes_are_told_built_rebuilt_and_dropped(base: Harbour) -> None:
    seen = base.traced(
        "create index orders_note on public.orders (note); drop index public.orders_amount; "
        'alter table public.orders alter column note type varchar(20) collate "C"',
        "reindex table public.lines",
    )
    (orders,) = seen.steps[0].built
    assert seen.steps[0].built == {orders: ["orders_note"]}
    assert seen.steps[1].dropped == {orders: ["orders_amount"]}
    assert seen.steps[2].rebuilt == {orders: ["orders_note"]} and not seen.steps[2].rewritten
    assert list(seen.steps[3].rebuilt.values()) == [["lines_pkey"]]


def test_a_unique_constraint_takes_an_index_over_without_building_it(base: Harbour) -> None:
    seen = base.traced(
        "create unique index concurrently orders_key on public.orders (amount)",
        "alter table public.orders add constraint orders_key unique using index orders_key",
    )
    assert list(seen.steps[0].built.values()) == [["orders_key"]]
    assert not seen.steps[1].built and not seen.steps[1].rebuilt


def test_what_runs_alone_is_watched(base: Harbour) -> None:
    seen = base.traced(
        "set lock_timeout = '1s'; create index concurrently i on public.orders (note); vacuum full public.lines"
    )
    alone = seen.step("create index")
    assert alone.alone and alone.lock_timeout == "1s"
    assert seen.locks(1) == {"public.orders": SUE}
    assert seen.locks(2) == {"public.lines": AEL} and seen.names(seen.steps[2].rewritten) == {"public.lines"}


def test_columns_that_are_dropped_have_names(base: Harbour) -> None:
    seen = base.traced("alter table public.orders rename note to remark; alter table public.orders drop column remark")

    assert list(seen.steps[1].lost_columns.values()) == [["note"]]


def test_the_timeout_in_force_is_the_one_before_the_statement(base: Harbour) -> None:
    seen = base.traced("select 1; set lock_timeout = '2s'; select 2; set local lock_timeout = 0; select 3", "select 4")
    assert [step.lock_timeout for step in seen.steps] == ["0", "0", "2s", "2s", "0", "0"]


def test_a_transaction_of_the_file_itself_is_honoured(base: Harbour) -> None:
    seen = base.traced(
        "begin; alter table public.orders add column a int; commit;"
        " select 1; alter table public.lines add column a int; select 2"
    )
    assert seen.locks(1) == {"public.orders": AEL}
    assert seen.locks(2) == seen.locks(3) == {}
    assert seen.locks(4) == {"public.lines": AEL}
    assert seen.locks(5) == {}  # outside of its transactions each statement is one


def test_what_is_rolled_back_did_not_happen(base: Harbour) -> None:
    seen = base.traced(
        "begin; alter table public.orders alter column amount type bigint; rollback;"
        " update public.orders set paid = false"
    )
    assert seen.refused is None
    assert not seen.step("update").truncated and not seen.step("update").rewritten


@pytest.mark.parametrize(
    ("text", "sqlstate", "line"),
    [
        ("select 1;\nselect nothing from nowhere;", "42P01", 2),
        ("-- a remark\nbegin;\nselect 1;", None, 3),
        ("copy public.lines from stdin;\n1\t1\n\\.", "08P01", 1),
        ("create table public.a ();\ncreate index concurrently on public.a ((1 / 0));", "22012", 2),
    ],
)
def test_where_it_ends_is_told(base: Harbour, text: str, sqlstate: str | None, line: int) -> None:
    seen = base.traced("select 0", text)

    assert seen.refused is not None
    assert (seen.refused.path, seen.refused.sqlstate) == ("supabase/migrations/2_m.sql", sqlstate)
    assert seen.refused.line == line


def test_a_constraint_that_is_deferred_fails_at_the_end_of_its_file(base: Harbour) -> None:
    seen = base.traced(
        "alter table public.lines add foreign key (order_id) references public.orders deferrable initially deferred",
        "insert into public.lines values (501, 9999)",
    )
    assert seen.refused is not None and seen.refused.sqlstate == "23503"
    assert seen.refused.table == "public.lines"


def test_a_partition_is_known_by_the_name_of_its_table(base: Harbour) -> None:
    seen = base.traced("alter table public.events add column a int")

    assert seen.locks(0) == {"public.events": AEL}


def test_what_a_block_does_inside_is_seen(base: Harbour) -> None:
    seen = base.traced(
        "do $$ begin execute 'alter table public.' || 'lines add column u uuid default gen_random_uuid()'; end $$"
    )

    assert seen.names(seen.steps[0].rewritten) == {"public.lines"}


def test_a_role_that_is_left_behind_does_not_blind_but_may_not_write_the_history(base: Harbour) -> None:
    assert base.traced("set role anon; select 1; reset role").refused is None

    seen = base.traced("set role anon; select 1")
    assert len(seen.steps) == 2
    assert seen.refused is not None and seen.refused.sqlstate == "42501"


def test_two_files_of_one_version_end_as_with_the_cli(base: Harbour) -> None:
    before = "insert into supabase_migrations.schema_migrations (version) values ('1')"
    seen = base.traced("select 1", before=before)

    assert seen.refused is not None and seen.refused.sqlstate == "23505"
