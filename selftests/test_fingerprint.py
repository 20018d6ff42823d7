"""A catalog is told by name: copies differ in nothing, and the statements that are shown make one like another."""

from collections.abc import Iterator

import pytest

from fixtures.fingerprint.dependencies import CLASSES, ORDER
from fixtures.fingerprint.difference import differences
from fixtures.fingerprint.groups import GROUPS, group
from fixtures.fingerprint.snapshot import Snapshot
from fixtures.fingerprint.statements import statements
from selftests.copies import Copies
from selftests.throwaway import running

LEFT = {("bucket", "avatars")}
"""What no statement takes away: a bucket's files are the Storage API's."""


@pytest.fixture(scope="module")
def copies() -> Iterator[Copies]:
    with running() as server:
        found = Copies(server)
        found.copy("everything", script="everything.sql")
        found.copy("otherwise", "everything", script="otherwise.sql")
        yield found


@pytest.fixture(scope="module")
def catalogs(copies: Copies) -> dict[str, Snapshot]:
    return {name: copies.catalog(name) for name in ("postgres", "everything", "otherwise")}


def test_there_is_one_object_of_every_kind(catalogs: dict[str, Snapshot]) -> None:
    kinds = {key[0] for name in ("everything", "otherwise") for key in catalogs[name]}

    assert kinds >= {*ORDER}
    assert {*CLASSES} <= {*ORDER}
    assert {group(kind) for kind in kinds} <= {*GROUPS}


def test_a_copy_differs_in_nothing(copies: Copies, catalogs: dict[str, Snapshot]) -> None:
    copies.copy("trial", "everything")
    assert differences(copies.catalog("trial"), catalogs["everything"]) == ()
    assert statements(copies.catalog("trial"), catalogs["everything"]) == []


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("postgres", "everything"),
        ("everything", "postgres"),
        ("everything", "otherwise"),
        ("otherwise", "everything"),
    ],
)
def test_the_statements_make_one_like_the_other(
    copies: Copies, catalogs: dict[str, Snapshot], here: str, there: str
) -> None:
    copies.copy("trial", here)
    copies.run("trial", *statements(catalogs[here], catalogs[there]))

    left = differences(copies.catalog("trial"), catalogs[there])
    assert {(one.kind, one.name) for one in left} <= LEFT, left


HARD = {
    "enum reordered": """
        drop policy "members' writing" on public.invoices; drop materialized view public.summary;
        drop view public.counts; drop view public.open_invoices; drop index public.invoices_open;
        alter table public.invoices alter state drop default, alter state type text; drop type public.state;
        create type public.state as enum ('paid', 'draft');
        alter table public.invoices alter state type public.state using state::public.state;""",
    "enum value renamed": "alter type public.state rename value 'paid' to 'settled'",
    "table renamed": "alter table public.invoices rename to bills",
    "column renamed": "alter table public.invoices rename number to nummer",
    "a column's type, with all that reads it": """
        drop materialized view public.summary; drop view public.counts; drop view public.open_invoices cascade;
        drop trigger touch on public.invoices; alter publication supabase_realtime drop table public.invoices;
        alter table public.invoices alter title type varchar(200);""",
    "generated anew": """
        alter table public.invoices drop gross, add gross numeric generated always as (amount * 2) stored;""",
    "table dropped": "drop table public.invoices cascade",
    "function gone that policies, defaults and columns call": "drop function public.tax cascade",
    "a view's columns": "drop view public.counts; create view public.counts as select 1 as other",
    "foreign server gone": "drop server far cascade",
    "domain of another type": """
        alter table public.invoices drop mail; drop domain public.email; create domain public.email as varchar(9);
        alter table public.invoices add mail public.email;""",
    "an attribute gone": "alter type public.address drop attribute street cascade",
}  # fmt: skip


@pytest.mark.parametrize("name", HARD)
def test_what_others_depend_on_is_made_anew_with_them(copies: Copies, catalogs: dict[str, Snapshot], name: str) -> None:
    copies.copy("changed", "everything", sql=HARD[name])
    sound, changed = catalogs["everything"], copies.catalog("changed")
    assert differences(changed, sound)

    copies.run("changed", *statements(changed, sound))
    copies.copy("trial", "everything")
    copies.run("trial", *statements(sound, changed))
    assert differences(copies.catalog("changed"), sound) == ()
    assert differences(copies.catalog("trial"), changed) == ()


def test_rows_stay_when_a_type_takes_another_ones_place(copies: Copies, catalogs: dict[str, Snapshot]) -> None:
    copies.copy("trial", "everything", sql="create table public.kept (state public.state)")
    wanted = copies.catalog("trial")
    copies.run(
        "trial", "insert into public.kept values ('paid')", "alter type public.state add value 'sold' before 'paid'"
    )
    (difference,) = differences(copies.catalog("trial"), wanted)
    assert all(line.startswith("--") for line in difference.sql.splitlines())

    copies.run("trial", *statements(copies.catalog("trial"), wanted))
    assert differences(copies.catalog("trial"), wanted) == ()
    copies.run("trial", "do $$ begin assert (select state from public.kept) = 'paid'; end $$")


def test_what_would_empty_a_table_is_not_shown_to_be_run(copies: Copies) -> None:
    plain = "create table public.t (a int) partition by range (a)"
    one = copies.catalog(copies.copy("one", sql=plain))
    other = copies.catalog(copies.copy("other", sql=plain.replace("range", "list")))
    (difference,) = differences(one, other)
    assert all(line.startswith("--") for line in difference.sql.splitlines())
    copies.run("one", *statements(one, other))
    assert differences(copies.catalog("one"), other) == ()


def test_the_order_of_columns_makes_no_difference(copies: Copies) -> None:
    one = copies.catalog(copies.copy("one", sql="create table public.t (a int, b text default 'x')"))
    other = copies.catalog(copies.copy("other", sql="create table public.t (b text default 'x', a int)"))
    assert differences(one, other) == ()


def test_what_is_part_of_something_missing_is_told_with_it(copies: Copies) -> None:
    made = "create table public.t (a serial primary key, b int generated always as identity check (b > 0))"
    (only,) = differences(copies.catalog(copies.copy("one", sql=made)), copies.catalog("postgres"))
    assert (only.subject, only.group, only.there, only.sql) == (
        "table public.t", "tables", "nothing", "-- its rows are lost: look at them first\ndrop table public.t;",
    )  # fmt: skip
    (missing,) = differences(copies.catalog("postgres"), copies.catalog("one"))
    assert missing.here == "nothing"
    assert missing.sql.startswith("create sequence public.t_a_seq")
    assert "primary key" in missing.sql.lower()


def test_kinds_that_are_not_modelled_are_told_by_name(copies: Copies) -> None:
    made = "create collation public.by_bytes (locale = 'C');"
    made += "create access method heap2 type table handler heap_tableam_handler"
    found = differences(copies.catalog(copies.copy("one", sql=made)), copies.catalog("postgres"))
    assert [(one.group, one.subject) for one in found] == [
        ("other", "unmodelled access method heap2"), ("other", "unmodelled collation public.by_bytes"),
    ]  # fmt: skip
    assert all(one.sql.startswith("--") for one in found)
