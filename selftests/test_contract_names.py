"""Names in the application's code and in generated types, before and after pending migrations, on a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from selftests.contract_database import Bench, small_bench, written

LATEST = "await db.rpc('latest', { how_many: 3 });"
NEW_LATEST = "returns table (id bigint, number text, cents integer) language sql as 'select 1::bigint, null::text, 1'"
BROKEN = [
    ("GraphQL", "const q = gql`{ billsCollection { edges { node { id due } } } }`", "alter table bills drop column due",
     "public.bills has no column due any more"),
    ("column selected", "db.from('bills').select('id, total:cents')", "alter table bills drop column cents",
     "public.bills has no column cents any more"),
    ("column filtered", "db.from('bills').select('id').eq('due', day)", "alter table bills rename due to due_on",
     "public.bills has no column due any more"),
    ("column of a star that the code names", "const all = await db.from('bills').select(); show(all[0].due)",
     "alter table bills drop column due", "public.bills has no column due any more"),
    ("column of a related table", "db.from('bills').select('id, teams(id, note)')", "alter table teams drop column"
     " note",
     "public.teams has no column note any more"),
    ("relation", "db.from('bills').select('id, teams(name)')", "alter table bills drop constraint bills_team_id_fkey",
     "no foreign key relates public.bills to teams any more, which it fetches along"),
    ("table", "db.from('bills').delete().eq('id', 1)", "alter table bills rename to invoices",
     "there is no public.bills any more"),
    ("column written", "db.from('bills').update({ rate: 2 }).eq('id', 1)", "alter table bills alter rate type"
     " numeric(4, 2)",
     "public.bills.rate was numeric(8,2) and is numeric(4,2), which takes less"),
    ("column left out", "db.from('teams').insert({ name })", "update teams set note = ''; alter table teams alter"
     " note set not null",
     "public.teams.note must be given now, and its insert leaves it out"),
    ("key of an upsert", "db.from('bills').upsert(rows, { onConflict: 'team_id,number' })",
     "alter table bills drop constraint bills_team_id_number_key",
     "number, team_id of public.bills is no longer unique, which its upsert needs"),
    ("grant", "db.from('bills').insert({ team_id, number })", "revoke insert on bills from authenticated,"
     " service_role",
     "insert on public.bills is no longer granted to authenticated, service_role"),
    ("view that cannot be written", "db.from('bills').insert({ team_id, number })",
     "alter table bills rename to invoices; create view bills as select distinct * from invoices; grant all on"
     " bills to"
     " authenticated, service_role", "public.bills is a view now that takes no insert"),
    ("function", LATEST, "drop function latest", "there is no function public.latest any more"),
    ("argument renamed", LATEST, f"drop function latest; create function latest(top integer default 5) {NEW_LATEST}",
     "no function public.latest takes (how_many) any more; it takes (top) now"),
    ("argument added", LATEST, f"drop function latest; create function latest(how_many integer, since date)"
     f" {NEW_LATEST}",
     "no function public.latest takes (how_many) any more; it takes (how_many, since) now"),
    ("argument's type", "db.rpc('bill_total', { team })", "drop function bill_total; create function"
     " bill_total(team bigint)"
     " returns bigint language sql as 'select 1::bigint'",
     "the argument team of public.bill_total was uuid and is bigint"),
    ("result's type", "db.rpc('bill_total', { team })", "drop function bill_total; create function bill_total(team"
     " uuid)"
     " returns json language sql as 'select null::json'",
     "public.bill_total returned bigint and returns json"),
    ("result's column", LATEST, "drop function latest; create function latest(how_many integer default 5) returns"
     " table"
     " (id bigint, number text) language sql as 'select 1::bigint, null::text'",
     "the column cents of what public.latest returns was integer and is gone"),
    ("another function beside it", LATEST, f"create function latest(how_many integer, since date default null)"
     f" {NEW_LATEST}",
     "several functions public.latest take (how_many) now: the API refuses to choose"),
    ("right to call", LATEST, "revoke execute on function latest from public, anon, authenticated, service_role",
     "execute on public.latest is no longer granted to anon, authenticated, service_role"),
    ("arguments unknown", "db.rpc('bill_total', args)", "drop function bill_total; create function bill_total(id uuid)"
     " returns bigint language sql as 'select 1::bigint'",
     "no function public.bill_total takes (team) any more; it takes (id) now"),
]  # fmt: skip
KEPT = [
    ("unused column dropped", "db.from('bills').select('id')", "alter table bills drop column due"),
    ("column of a star that no code names", "db.from('bills').select('*')", "alter table bills drop column due"),
    ("table renamed behind a view", "db.from('bills').upsert({ team_id, number }, { onConflict: 'team_id,number'"
     " }).select('id, teams(name)')",
     "alter table bills rename to invoices; create view bills with (security_invoker = true) as select * from"
     " invoices;"
     " grant all on bills to authenticated, service_role"),
    ("column added", "db.from('teams').insert({ name })", "alter table teams add colour text"),
    ("argument with a default", LATEST, f"drop function latest; create function latest(how_many integer default 5,"
     f" late boolean default false) {NEW_LATEST}"),
    ("another function with other arguments", LATEST, f"create function latest(since date) {NEW_LATEST}"),
    ("argument widened", "db.rpc('latest', { how_many: 3 })", "drop function latest; create function"
     " latest(how_many bigint"
     " default 5) returns table (id bigint, number text, cents bigint) language sql as 'select 1::bigint,"
     " null::text, 1::bigint'"),
    ("column of a result added", LATEST, "drop function latest; create function latest(how_many integer default 5)"
     " returns"
     " table (id bigint, number text, cents integer, due date) language sql as 'select 1::bigint, null::text, 1,"
     " null::date'"),
    ("what is no table", "Array.from('bills'); db.storage.from('bills').upload(f)", "drop table bills"),
    ("one role's grant", "db.from('bills').select('id')", "revoke select on bills from authenticated"),
    ("row of a test", "", "drop table bills"),
]  # fmt: skip
TYPES = """
export type Database = { public: {
  Tables: {
    bills: {
      Row: { id: number; number: string; due: string | null; cents: number };
      Insert: { id?: never; number: string; due?: string | null; cents?: number };
      Update: { number?: string; due?: string | null };
    };
    gone: { Row: { id: number } };
  };
  Views: { [_ in never]: never };
  Functions: { latest: { Args: { how_many?: number }; Returns: { id: number }[] } };
  Enums: { state: "open" | "paid" | "void" };
} };
"""
TYPED = [
    ("column", "alter table bills rename due to due_on", ["public.bills has no column due any more"]),
    ("table", "alter table bills rename to invoices", ["there is no public.bills any more"]),
    ("function", "drop function latest", ["there is no function public.latest any more"] * 2),
    ("enum", "create type status as enum ('open', 'paid'); alter table bills alter state drop default, alter state"
     " type status"
     " using state::text::status; drop type state; alter type status rename to state; alter table bills alter state"
     " set default 'open'",
     ["public.state has no value void any more"]),
    ("new required column", "alter table bills add source text; update bills set source = ''; alter table bills"
     " alter source"
     " set not null", ["public.bills.source must be given now, and its insert leaves it out"]),
    ("column that the types do not list", "alter table bills drop column rate", []),
    ("new column", "alter table bills add colour text", []),
]  # fmt: skip


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with small_bench() as made:
        yield made


@pytest.mark.parametrize(("code", "pending", "says"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_what_breaks_the_code_is_seen(bench: Bench, tmp_path: Path, code: str, pending: str, says: str) -> None:
    checkout = written(tmp_path, src__it_ts=code)

    assert says in bench.says(checkout, pending)


@pytest.mark.parametrize(("code", "pending"), [row[1:] for row in KEPT], ids=[row[0] for row in KEPT])
def test_what_keeps_the_code_is_silent(bench: Bench, tmp_path: Path, code: str, pending: str) -> None:
    checkout = written(tmp_path, src__it_ts=code, src__it__test_ts="db.from('bills').select('id')")
    (tmp_path / "src" / "it").rename(tmp_path / "src" / "__tests__")

    assert bench.says(checkout, pending) == []


@pytest.mark.parametrize(("pending", "says"), [row[1:] for row in TYPED], ids=[row[0] for row in TYPED])
def test_generated_types_alone_are_a_contract(bench: Bench, tmp_path: Path, pending: str, says: list[str]) -> None:
    checkout = written(tmp_path, supabase__database_ts=TYPES)

    assert bench.says(checkout, pending) == says


def test_what_types_list_and_no_code_names_is_not_used(bench: Bench, tmp_path: Path) -> None:
    checkout = written(tmp_path, supabase__database_ts=TYPES, src__it_ts="show(bill.number, bills)")

    assert bench.says(checkout, "alter table bills drop column due; drop function latest") == []
    assert bench.says(checkout, "alter table bills rename number to no") == [
        "public.bills has no column number any more"
    ]


def test_what_there_never_was_is_named(bench: Bench, tmp_path: Path) -> None:
    checkout = written(tmp_path, src__it_ts="db.from('boats').select('id'); db.rpc('sail', {})")

    _, rehearsed = bench.rehearse(checkout, "alter table teams add colour text")

    assert rehearsed.unlooked == {
        0: "there is no table public.boats before the pending migrations either",
        1: "there is no such name public.sail before the pending migrations either",
    }


def test_the_statement_since_which_it_is_so_is_found(bench: Bench, tmp_path: Path) -> None:
    checkout = written(tmp_path, src__it_ts=LATEST)
    pending = f"drop function latest;\n\ncreate function latest(top integer default 5) {NEW_LATEST};\nselect 1;"

    _, rehearsed = bench.rehearse(checkout, pending)

    assert rehearsed.culprits[0][1] == 3


def test_what_the_pending_migrations_make_is_of_the_next_release(bench: Bench, tmp_path: Path) -> None:
    checkout = written(tmp_path, src__it_ts="db.from('boats').select('id'); db.from('ships').select('id')")

    _, rehearsed = bench.rehearse(checkout, "create table boats (id integer)")

    assert list(rehearsed.unlooked) == [0, 1]
    assert rehearsed.fresh == {0}
