"""Calls of supabase-js and generated types are found in TypeScript, wherever they stand, however they are written."""

import pytest

from fixtures.contract.generated_types import is_generated, read_types
from fixtures.contract.names import EnumUse, FunctionUse, TableUse, Unread, Use
from fixtures.contract.source_calls import read_calls


def calls(text: str, path: str = "src/it.tsx") -> list[Use | Unread]:
    return list(read_calls(path, text))


def table(text: str, path: str = "src/it.tsx") -> TableUse:
    (found,) = (use for use in calls(text, path) if isinstance(use, TableUse))
    return found


def test_a_chain_with_everything() -> None:
    found = table("""
const x = 1;
const { data } = await supabase.from("bills").select(`id, total:cents`).eq("state", 'open')
  .or('a.eq.1').in('team_id', ids).match({ due, "rate": 2 })
  .order('created_at', { ascending: false }).limit(3).single();
""")

    assert (found.place, found.qualified) == ("src/it.tsx:3", "public.bills")
    assert found.reads == {"id", "cents", "state", "team_id", "due", "rate", "created_at"}
    assert (found.commands, found.writes, found.inserts, found.everything) == (
        frozenset({"select"}),
        frozenset(),
        None,
        False,
    )


def test_what_is_written() -> None:
    insert = table("db.from('a').insert([{ b: 1, c }, { 'd-e': 2 }]).select()")
    spread = table("db.from('a').upsert({ b: 1, ...rest }, { onConflict: 'b, c', ignoreDuplicates: true })")
    update = table("db.from('a').update({ b: 1 } satisfies Row).eq('id', id!)")

    assert (insert.inserts, insert.commands, insert.everything) == (
        frozenset({"b", "c", "d-e"}),
        frozenset({"insert", "select"}),
        True,
    )
    assert (spread.inserts, spread.writes, spread.conflict) == (None, frozenset({"b"}), frozenset({"b", "c"}))
    assert (update.writes, update.inserts, update.commands, update.reads) == (
        frozenset({"b"}),
        None,
        frozenset({"update"}),
        frozenset({"id"}),
    )


def test_related_tables_are_uses_of_their_own() -> None:
    first, second, third = calls("db.from('a').select('id, b(c, d(e)), f:count')")

    assert isinstance(first, TableUse) and isinstance(second, TableUse) and isinstance(third, TableUse)
    assert (first.name, first.embeds, second.name, second.embeds) == ("a", frozenset({"b"}), "b", frozenset({"d"}))
    assert (second.reads, third.reads) == (frozenset({"c"}), frozenset({"e"}))


@pytest.mark.parametrize(
    "text",
    [
        "db.rpc('pay', { amount, 'to': 1 })",
        "await db.rpc<Paid>('pay', { amount: 1, to: 2 } as any)",
        "const NAME = 'pay' as const; db.rpc(NAME, { amount: 1, to: 2 })",
        "function call(client, name, args) { return client.rpc(name, { amount, to }); } call(db, 'pay', x)",
        "const call = async (name: string) => db.rpc(name, { amount, to }); call('pay')",
        "const page = () => <p>it's {db.rpc('pay', { amount, to })}</p>;",
        "const say = /it's/; const t = `${db.rpc('pay', { amount, to })}`;",
        "db\n  .rpc(\n    /* name */ 'pay',\n    { amount, to },\n  )\n  .single();",
    ],
)
def test_a_function_that_is_called(text: str) -> None:
    (found,) = calls(text)

    assert isinstance(found, FunctionUse)
    assert (found.qualified, found.arguments) == ("public.pay", frozenset({"amount", "to"}))


def test_another_schema_and_a_name_that_is_not_written() -> None:
    named, other = calls("db.schema('billing').rpc('pay', args); db.rpc(pick(), {})")

    assert isinstance(named, FunctionUse)
    assert (named.qualified, named.arguments) == ("billing.pay", None)
    assert other == Unread("src/it.tsx:1", "rpc(pick()): the name is not written there")


@pytest.mark.parametrize(
    "text",
    [
        "Array.from('abc')",
        "Buffer.from('abc', 'utf8')",
        "Uint8Array.from('abc')",
        "supabase.storage.from('files').upload(x)",
        "// db.from('a').select('b')",
        "const s = \"db.rpc('a')\"",
        "import a from 'b'",
        "moment.from(other)",
    ],
)
def test_what_is_no_call_of_the_database(text: str) -> None:
    assert calls(text, "src/it.ts") == []


def test_scripts_of_components_keep_their_lines() -> None:
    text = "<script setup lang=\"ts\">\nconst a = 1;\nawait db.from('bills').select('id');\n</script>\n<p>it's</p>"

    assert table(text, "src/It.vue").place == "src/It.vue:3"


TYPES = """
export type Json = string | number | null;

export type Database = {
  // Allows to automatically instantiate createClient with right options
  __InternalSupabase: { PostgrestVersion: "13.0.5" };
  graphql_public: { Functions: { graphql: { Args: { query?: string }; Returns: Json } } };
  public: {
    Tables: {
      bills: {
        Row: { id: number; "odd name": string | null };
        Insert: { id?: never; number: string; due?: string | null };
        Update: { number?: string };
        Relationships: [];
      };
    };
    Views: { totals: { Row: { sum: number | null }; Relationships: [] } };
    Functions: {
      one: { Args: { a: string; b?: number }; Returns: undefined };
      two: { Args: never; Returns: number } | { Args: { c: string }; Returns: string };
    };
    Enums: { state: "open" | "paid" };
    CompositeTypes: { [_ in never]: never };
  };
};
export type Tables<T extends keyof Database["public"]["Tables"]> = Database["public"]["Tables"][T]["Row"];
"""


def test_generated_types() -> None:
    found = list(read_types("src/database.types.ts", TYPES))
    tables = {use.name: use for use in found if isinstance(use, TableUse)}
    functions = [(use.qualified, sorted(use.arguments or ())) for use in found if isinstance(use, FunctionUse)]
    (enum,) = (use for use in found if isinstance(use, EnumUse))

    assert is_generated(TYPES)
    assert tables.keys() == {"bills", "totals"}
    assert tables["bills"].reads == {"id", "odd name"}
    assert (tables["bills"].writes, tables["bills"].inserts) == (frozenset({"number", "due"}), frozenset({"number"}))
    assert (tables["totals"].reads, tables["totals"].inserts) == (frozenset({"sum"}), None)
    assert functions == [
        ("graphql_public.graphql", []),
        ("graphql_public.graphql", ["query"]),
        ("public.one", ["a"]),
        ("public.one", ["a", "b"]),
        ("public.two", []),
        ("public.two", ["c"]),
    ]
    assert (enum.name, enum.values, enum.place) == ("state", ("open", "paid"), "src/database.types.ts:22")
    assert not is_generated("type Database = Pool; // Tables")
