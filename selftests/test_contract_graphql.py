"""GraphQL operations of pg_graphql name the tables and columns that they ask for."""

from fixtures.contract.graphql_operations import read_operations
from fixtures.contract.names import TableUse

BILLS = """
query Bills($cursor: Cursor) {
  billsCollection(first: 5, filter: { teamId: { eq: "1" }, state: { eq: open } }, orderBy: [{ due: AscNullsLast }]) {
    edges { cursor node { nodeId id total_cents teamsCollection { edges { node { name } } } } }
  }
}
mutation { insertIntobillsCollection(objects: [{ number: "1", dueOn: "2026-01-01" }]) { affectedCount records { id } } }
"""


def test_an_operation_with_everything() -> None:
    bills, teams, insert = read_operations("src/bills.graphql", BILLS)

    assert (bills.qualified, bills.place, teams.qualified) == ("public.bills", "src/bills.graphql:3", "public.teams")
    assert bills.reads == {"team_id", "state", "due", "id", "total_cents"}
    assert teams.reads == {"name"}
    assert bills.commands == {"select"}
    assert (insert.name, insert.place) == ("bills", "src/bills.graphql:7")
    assert insert.inserts == frozenset({"number", "due_on"})
    assert insert.commands == {"insert", "select"}


def test_operations_in_code_keep_their_lines_and_inflected_names_become_the_table_s() -> None:
    code = "const Q = gql`\n  { orderItemsCollection { edges { node { unitPrice } } } }\n`;\ngql`{ aCollection ${x} }`;"
    found = list(read_operations("src/it.ts", code))

    assert found == [
        TableUse(
            place="src/it.ts:2",
            schema="public",
            name="order_items",
            reads=frozenset({"unit_price"}),
            commands=frozenset({"select"}),
        )
    ]


def test_another_schema_and_what_is_no_operation_are_left_out() -> None:
    assert list(read_operations("a.graphql", "query { system_status { healthy } my_organizations { id } }")) == []
    assert list(read_operations("a.graphql", "query { billsCollection { ")) == []
    assert list(read_operations("a.graphql", "type Query { billsCollection: BillsConnection }")) == []
