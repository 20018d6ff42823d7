"""What the running release asks of the database, before and after pending migrations, on a real server."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.contract.mend import mend_of
from selftests.contract_database import Bench, small_bench, written

TEAM = "'7ea00000-0000-4000-8000-000000000001'"
LIST = "-- role: authenticated\nselect id, number, cents, rate, state from public.bills order by id;"
ADD = (
    f"-- role: authenticated\n-- $1: {TEAM}\n-- $2: 'B-2'\ninsert into public.bills (team_id, number) values ($1, $2);"
)
ADD_WITHOUT_VALUES = "-- role: authenticated\ninsert into public.bills (team_id, number) values ($1, $2);"
UPSERT = (
    "-- role: authenticated\ninsert into public.bills (team_id, number, cents) values ($1, $2, $3)"
    " on conflict (team_id, number) do update set cents = excluded.cents;"
)
ADD_AGAIN = (
    f"-- role: authenticated\n-- $1: {TEAM}\n"
    "insert into public.bills (team_id, number) values ($1, gen_random_uuid()::text);"
)
NAME = "-- role: service_role\n-- $1: 'Reef'\nupdate public.teams set name = $1;"
OPEN = "-- role: authenticated\nselect number from public.bills where state = 'void';"
REFUSED = "-- role: anon\n-- expects: fails 42501\nselect id from public.bills;"
CALL = "-- role: authenticated\nselect id, number, cents from public.latest(3);"

BROKEN = [
    ("column dropped", LIST, "alter table public.bills drop column rate", "column.* does not exist"),
    ("column renamed", LIST, "alter table public.bills rename column cents to amount", '"cents" does not exist'),
    ("table renamed", LIST, "alter table public.bills rename to invoices", '"public.bills" does not exist'),
    ("table moved", LIST, "create schema billing; alter table public.bills set schema billing", "does not exist"),
    ("read as another type", LIST, "alter table public.bills alter cents type text", "was integer and is text"),
    ("grant revoked", LIST, "revoke select on public.bills from authenticated", "permission denied"),
    ("column's grant revoked", LIST,
     "revoke select on public.bills from authenticated; grant select (id, number) on public.bills to authenticated",
     "permission denied"),
    ("policy dropped", LIST, "drop policy everybody on public.bills", "row is gone"),
    ("view in its place without rights", LIST,
     "alter table public.bills rename to invoices; create view public.bills with (security_invoker = true) as"
     " select * from public.invoices; revoke all on public.bills from authenticated", "permission denied"),
    ("new column required", ADD, "alter table public.bills add source text; update public.bills set source = 'x';"
     " alter table public.bills alter source set not null", 'null value in column "source"'),
    ("the same, without sample values", ADD_WITHOUT_VALUES, "alter table public.bills add source text;"
     " update public.bills set source = 'x'; alter table public.bills alter source set not null",
     "source must be given now"),
    ("default dropped", ADD_WITHOUT_VALUES, "alter table public.bills alter state drop default",
     "bills.state must be given now"),
    ("default of a nullable column dropped",
     "-- role: service_role\ninsert into public.teams (name) values ($1)",
     "alter table public.teams alter id drop default", "teams.id must be given now"),
    ("check that refuses", ADD, "alter table public.bills add check (number ~ '^N') not valid", "violates check"),
    ("unique that refuses the second", ADD_AGAIN,
     "create unique index on public.bills (team_id, state) where number <> 'B-1'", "duplicate key"),
    ("key of an upsert dropped", UPSERT, "alter table public.bills drop constraint bills_team_id_number_key",
     "no unique or exclusion constraint"),
    ("column narrowed", NAME, "alter table public.teams alter name type varchar(20)", r"\(60\) and is .*\(20\)"),
    ("number narrowed", "-- role: service_role\nupdate public.bills set rate = $1",
     "alter table public.bills alter rate type numeric(6, 2)", "takes less"),
    ("text made a uuid", "-- role: service_role\nupdate public.teams set note = $1",
     "alter table public.teams alter note type uuid using note::uuid", "was text and is uuid"),
    ("enum's value gone", OPEN, "create type public.status as enum ('open', 'paid');"
     " alter table public.bills alter state drop default, alter state type public.status"
     " using state::text::public.status",
     "invalid input value for enum"),
    ("enum's value renamed", OPEN, "alter type public.state rename value 'void' to 'cancelled'", "invalid input"
     " value"),
    ("refusal lost", REFUSED, "grant select on public.bills to anon", "no longer refused with 42501"),
    ("refused otherwise", REFUSED, "drop table public.bills", "refused otherwise: relation"),
    ("function's argument", CALL, "drop function public.latest; create function public.latest(since date)"
     " returns table (id bigint, number text, cents integer) language sql as 'select 1::bigint, null::text, 1'",
     "function public.latest.* does not exist"),
    ("function's result", CALL, "drop function public.latest; create function public.latest(how_many int)"
     " returns table (id bigint, number text) language sql as 'select 1::bigint, null::text'",
     '"cents" does not exist'),
    ("function raises", CALL, "create or replace function public.latest(how_many int default 5)"
     " returns table (id bigint, number text, cents integer) language plpgsql as $$ begin raise exception 'later';"
     " end $$", "later"),
]  # fmt: skip
KEPT = [
    ("column added", LIST, "alter table public.bills add note text"),
    ("column with a default added", ADD, "alter table public.bills add source text not null default 'web'"),
    ("table renamed behind a view", LIST, "alter table public.bills rename to invoices; create view public.bills with"
     " (security_invoker = true) as select * from public.invoices; grant select on public.bills to authenticated"),
    ("written through a view", ADD, "alter table public.bills rename to invoices; create view public.bills with"
     " (security_invoker = true) as select * from public.invoices; grant all on public.bills to authenticated"),
    ("column widened", NAME, "alter table public.teams alter name type varchar(200)"),
    ("column made text", NAME, "alter table public.teams alter name type text"),
    ("number widened", LIST, "alter table public.bills alter cents type bigint"),
    ("enum's value added", OPEN, "alter type public.state add value 'late'"),
    ("enum's name", LIST, "alter type public.state rename to bill_state"),
    ("index added", LIST, "create index on public.bills (due)"),
    ("unused column dropped", LIST, "alter table public.bills drop column due"),
    ("check that its values meet", ADD, "alter table public.bills add check (number ~ '^B') not valid"),
    ("policy replaced by an equal one", LIST, "drop policy everybody on public.bills;"
     " create policy members on public.bills for all to authenticated using (id > 0) with check (true)"),
    ("upsert's key made anew", UPSERT, "create unique index again on public.bills (team_id, number);"
     " alter table public.bills drop constraint bills_team_id_number_key"),
    ("function gets an argument with a default", CALL, "drop function public.latest;"
     " create function public.latest(how_many int default 5, late boolean default false)"
     " returns table (id bigint, number text, cents integer, due date) language sql as 'select 1::bigint,"
     " null::text, 1, null::date'"),
    ("required column filled in by a trigger", ADD_WITHOUT_VALUES, "alter table public.bills add source text;"
     " create function public.fill() returns trigger language plpgsql as"
     " $$ begin new.source := 'x'; return new; end $$;"
     " create trigger fill before insert on public.bills for each row execute function public.fill();"
     " update public.bills set source = 'x'; alter table public.bills alter source set not null"),
    ("still refused", REFUSED, "alter table public.bills add note text"),
    ("function rewritten", CALL, "create or replace function public.latest(how_many int default 5)"
     " returns table (id bigint, number text, cents integer) language sql as 'select 7::bigint, null::text, 1'"),
]  # fmt: skip


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with small_bench() as made:
        yield made


@pytest.mark.parametrize(("statement", "pending", "says"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_what_breaks_the_running_release_is_seen(
    bench: Bench, tmp_path: Path, statement: str, pending: str, says: str
) -> None:
    checkout = written(tmp_path, seatrial__contract__it_sql=statement)

    _, rehearsed = bench.rehearse(checkout, "set lock_timeout = '2s';", pending)

    assert list(rehearsed.problems) == [0]
    assert re.search(says, rehearsed.problems[0].says), rehearsed.problems
    source, line, text = rehearsed.culprits[0]
    assert (source.file.version, line) == ("20260101000001", 1)
    assert text in pending
    assert mend_of(rehearsed.problems[0], text)


@pytest.mark.parametrize(("statement", "pending"), [row[1:] for row in KEPT], ids=[row[0] for row in KEPT])
def test_what_keeps_the_running_release_is_silent(bench: Bench, tmp_path: Path, statement: str, pending: str) -> None:
    checkout = written(tmp_path, seatrial__contract__it_sql=statement)

    _, rehearsed = bench.rehearse(checkout, pending)

    assert rehearsed.problems == {}
    assert rehearsed.unlooked == {}


def test_the_statement_that_did_it_is_found_in_the_middle_of_a_file(bench: Bench, tmp_path: Path) -> None:
    checkout = written(tmp_path, seatrial__contract__it_sql=LIST)
    harmless = "begin;\nalter table public.bills add note text;\ncommit;"
    pending = (
        "alter table public.bills\n  add a text;\n-- two\nalter table public.bills rename number to no;\nselect 1;"
    )

    _, rehearsed = bench.rehearse(checkout, harmless, pending)

    source, line, text = rehearsed.culprits[0]
    assert (source.file.version, line) == ("20260101000001", 4)
    assert text == "alter table public.bills rename number to no"
    assert mend_of(rehearsed.problems[0], text).startswith(
        "add no beside number (alter table public.bills add column no"
    )


def test_what_did_not_work_before_is_no_contract_and_is_named(bench: Bench, tmp_path: Path) -> None:
    checkout = written(
        tmp_path,
        seatrial__contract__new_sql="select colour from public.bills",
        seatrial__contract__open_sql="-- role: anon\n-- expects: fails 42501\nselect 1",
        seatrial__contract__rows_sql="-- role: service_role\n-- $1: 1 / 0\nselect id from public.bills where id = $1",
    )

    _, rehearsed = bench.rehearse(checkout, "alter table public.bills add colour text")

    assert rehearsed.problems == {}
    assert rehearsed.unlooked == {
        0: 'it does not work before the pending migrations either: column "colour" does not exist',
        1: "it is not refused with 42501 before the pending migrations either",
    }
    assert rehearsed.partly == {2: "its sample values cannot be made: division by zero"}


def test_rows_that_are_given_and_those_of_the_seed_are_there(bench: Bench, tmp_path: Path) -> None:
    given = "-- role: authenticated\n-- given: insert into public.teams (name) values ('Given')\n"
    checkout = written(
        tmp_path,
        seatrial__contract__given_sql=f"{given}select id from public.teams where name = 'Given'",
        seatrial__contract__seed_sql="-- role: authenticated\nselect id from public.teams where name = 'Seed'",
        supabase__seed_sql="insert into public.teams (name) values ('Seed');",
    )

    says = bench.says(checkout, "alter policy everybody on public.teams using (name = 'Reef')")

    assert says == ["its row is gone", "its row is gone"]


def test_a_migration_that_fails_on_the_seed_s_rows_alone_does_not_hide_anything(bench: Bench, tmp_path: Path) -> None:
    checkout = written(
        tmp_path,
        seatrial__contract__it_sql="-- role: authenticated\nselect note from public.teams",
        supabase__seed_sql="insert into public.teams (name) values ('Reef');",
    )
    pending = "create unique index on public.teams (name); alter table public.teams drop column note"

    _, rehearsed = bench.rehearse(checkout, pending)

    assert "does not exist" in rehearsed.problems[0].says
    assert rehearsed.culprits[0][2] == "alter table public.teams drop column note"


def test_nothing_is_left_behind_by_trying(bench: Bench, tmp_path: Path) -> None:
    checkout = written(tmp_path, seatrial__contract__it_sql=ADD, seatrial__contract__two_sql=NAME.replace("Reef", "X"))

    assert bench.says(checkout, "alter table public.teams add constraint same check (name = 'Reef')") == [
        'it is refused now: new row for relation "teams" violates check constraint "same"'
    ]
