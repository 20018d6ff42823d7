"""Rows that could hide each other never share a voyage, and what share one are all of them run with all they need."""

import pytest
from msgspec.structs import fields

from sandbox.faults import Answer, Fault
from selftests.fault_reach import EVERYTHING, Reach
from selftests.quiet_rows import TOGETHER, meet, union, voyages

ANSWER = Answer(service="stripe", path="/v1/prices")
READ = {
    "name",
    "breaks",
    "violates",
    "blinds",
    "sql",
    "staging_sql",
    "tenant_sql",
    "answer",
    "write",
    "remove",
    "rename",
}
READ |= {"commit", "apply", "switch", "state", "unset", "session", "freeze"}


def row(name: str = "row", **changes: object) -> Fault:
    """A quiet row."""
    return Fault(name=name, breaks="nothing", violates=[], blinds=[], **changes)  # type: ignore[arg-type]  # its own keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (row(answer=[ANSWER]), row(answer=[Answer(service="stripe", path="/v1/events")])),
        (row(answer=[ANSWER]), row(state={"stripe": {"prices": {"a": 1}}})),
        (row(state={"stripe": {"prices": {"a": 1}}}), row(state={"stripe": {"prices": {"a": {"b": 1}}}})),
        (row(state={"stripe": {"prices": []}}), row(state={"stripe": {"prices": {"a": 1}}})),
        (row(state={"stripe": {"prices": {"a": 1}}}), row(state={"stripe": {"prices": {"b": 1}}})),
        (row(sql="update public.plans set x = 1"), row(sql="delete from PUBLIC.plans")),
        (row(sql="analyze"), row(sql="update public.plans set x = 1")),
        (row(sql="update public.plans set x = 1"), row(staging_sql="update public.plans set x = 1")),
        (row(sql="update public.plans set x = 1"), row(answer=[Answer(service="supabase", path="*")])),
        (row(sql="insert into supabase_migrations.x values (1)"), row()),
        (row(sql="alter role x set y = 1"), row()),
        (row(write={"a/b": "x"}), row(remove=["a"])),
        (row(write={"a": "x"}), row(rename={"b": "a"})),
        (row(write={"a": "x"}), row(write={"b": "x"}, commit=True)),
        (row(write={"dist/a.js": "x"}), row(answer=[Answer(service="ocean", path="/a.js")])),
        (row(switch={"webhook": "x"}), row(switch={"webhook": "y"})),
        (row(switch={"pg_graphql": True}), row(answer=[Answer(service="supabase", path="/graphql/v1")])),
        (row(unset=["A"]), row()),
        (row(apply=True), row()),
        (row(freeze="postgres"), row()),
        (row(tenant_sql={"a": "select 1"}), row()),
        (row(remove=[".env.local"]), row()),
    ],
)
def test_rows_that_could_hide_each_other_meet(one: Fault, other: Fault) -> None:
    assert meet(one, other)
    assert meet(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (row(answer=[ANSWER]), row(answer=[Answer(service="vercel", path="*")])),
        (row(sql="update public.plans set x = 1"), row(sql="update public.orders set x = 1")),
        (row(sql="update public.plans set x = 1"), row(state={"supabase": {"x": 1}})),
        (row(write={"a/b": "x"}), row(write={"a/c": "x"})),
        (row(write={"a": "x"}, commit=True), row(write={"b": "x"}, commit=True)),
        (row(write={"a": "x"}, commit=True), row(sql="update public.plans set x = 1")),
        (row(switch={"webhook": "x"}), row(switch={"tenant-wakes": 1})),
    ],
)
def test_rows_that_touch_nothing_in_common_do_not_meet(one: Fault, other: Fault) -> None:
    assert not meet(one, other)
    assert not meet(other, one)


def test_all_that_a_row_can_change_is_read() -> None:
    assert {field.name for field in fields(Fault)} == READ, "say in quiet_rows.py what the new key touches"


def test_every_row_shares_one_voyage_and_no_voyage_is_too_long() -> None:
    quiet = {
        f"r{number}": row(f"r{number}", sql=f"update public.t{chr(97 + number)} set x = 1") for number in range(25)
    }
    quiet |= {f"m{number}": row(f"m{number}", state={"neon": {"projects": number}}) for number in range(3)}
    narrow = Reach(("checks/a.py",), frozenset({"a"}))

    crews = voyages(quiet, dict.fromkeys(quiet, narrow))

    assert sorted(name for crew in crews for name in crew.names) == sorted(quiet)
    assert [len(crew.names) for crew in crews] == [TOGETHER, TOGETHER, 8]
    assert all(not meet(quiet[a], quiet[b]) for crew in crews for a in crew.names for b in crew.names if a != b)


def test_what_runs_is_what_any_of_them_needs() -> None:
    one, other = Reach(("checks/a.py",), frozenset({"a"})), Reach(("checks/b.py", "checks/a.py"), frozenset({"a", "b"}))
    beside = Reach(("-m", "not migrations"), frozenset({"a", "b", "c"}))

    assert union([one, one]) == one
    assert union([one, other]) == Reach(("checks/a.py", "checks/b.py"), frozenset({"a", "b"}))
    assert union([beside, beside]) == beside
    assert union([one, beside]) == EVERYTHING
    assert union([one, EVERYTHING]) == EVERYTHING
