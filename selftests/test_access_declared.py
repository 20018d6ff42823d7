"""Privileges as the application's repository declares them, and as they are."""

from pathlib import Path

import pytest

from fixtures.access.catalog import Catalog, Column, Function, Relation, Schema
from fixtures.access.declaring import changes, privileges_of, read_declared_privileges
from fixtures.facts import Unobservable


def catalog() -> Catalog:
    columns = (Column(number=1, name="id", type=23), Column(number=2, name="total", type=23))
    bills = Relation(
        oid=1, schema="public", name="bills", kind="r", owner="postgres", sql="public.bills", columns=columns,
        privileges={"anon": frozenset(), "authenticated": frozenset({"INSERT"})},
        column_privileges={
            "anon": {"SELECT": frozenset({1})},
            "authenticated": {"INSERT": frozenset({1, 2}), "UPDATE": frozenset({2})},
        },
    )  # fmt: skip
    total = Function(
        oid=2, schema="public", name="total", signature="public.total()", owner="postgres", language="sql", body="",
        callers=frozenset({"authenticated"}),
    )  # fmt: skip
    return Catalog(
        version=180000, asked=("anon", "authenticated"), exposed=("public",), roles={}, types={},
        schemas={"public": Schema(name="public", owner="postgres", users=frozenset({"anon", "authenticated"}))},
        relations={bills.sql: bills}, functions={total.signature: total},
    )  # fmt: skip


NOW = {
    "public.bills": {"authenticated": "INSERT"},
    "public.bills.id": {"anon": "SELECT"},
    "public.bills.total": {"authenticated": "UPDATE"},
    "public.total()": {"authenticated": "EXECUTE"},
    "schema public": {"anon": "USAGE", "authenticated": "USAGE"},
}


def test_it_is_told_as_it_is_declared() -> None:
    assert privileges_of(catalog()) == NOW
    assert changes(NOW, privileges_of(catalog())) == ()


def test_what_is_more_and_what_is_less() -> None:
    declared = {**NOW, "public.bills": {"authenticated": "SELECT"}}
    del declared["public.total()"]

    bills, total = changes(declared, NOW)

    assert (bills.subject, bills.role, bills.more, bills.less) == (
        "public.bills", "authenticated", ("INSERT",), ("SELECT",),
    )  # fmt: skip
    assert bills.instead == (
        "revoke insert on table public.bills from authenticated;\ngrant select on table public.bills to authenticated;"
    )
    assert total.instead == "revoke execute on function public.total() from authenticated;"
    assert "may INSERT, which is not declared and may not SELECT, which is declared" in bills.says


def test_columns_and_names_that_have_to_be_quoted() -> None:
    (column,) = changes({}, {"My App.Bills.total": {"anon": "UPDATE"}})

    assert column.instead == 'revoke update (total) on table "My App"."Bills" from anon;'


def test_without_a_declaration_there_is_none(tmp_path: Path) -> None:
    assert read_declared_privileges(tmp_path) is None
    (tmp_path / "seatrial").mkdir()
    (tmp_path / "seatrial" / "access.json").write_text('{"personas": {}}')
    assert read_declared_privileges(tmp_path) is None


@pytest.mark.parametrize("text", ["{", '{"privileges": []}', '{"privileges": {"public.bills": {"anon": ["SELECT"]}}}'])
def test_a_wrong_file_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "seatrial").mkdir()
    (tmp_path / "seatrial" / "access.json").write_text(text)

    with pytest.raises(Unobservable, match=r"seatrial/access\.json"):
        read_declared_privileges(tmp_path)
