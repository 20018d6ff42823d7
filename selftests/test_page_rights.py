"""Who may do what, as read from the observations: whose rows, what is wrong, and what is not known."""

from typing import Any

import pytest

from fixtures.trying import judging
from reports.page.access import static
from reports.page.rights import STRENGTH, rights
from reports.page.wrongs import Mark
from selftests.page_pictures import PEOPLE, look, served, trespass
from selftests.page_samples import telling
from selftests.report_samples import verdict

OUTSIDERS = (
    look(
        'glimpses "sql-stranger"',
        facts=[
            {"relation": "public.invoices", "person": "stranger", "road": "sql", "answer": "rows", "why": ""},
            {"relation": "public.orders", "person": "stranger", "road": "sql", "answer": "none", "why": ""},
            {"relation": "public.big", "person": "stranger", "road": "sql", "answer": "unknown", "why": "slow"},
        ],
    ),
    look('glimpses "rest-anon"', facts=None, sight="unobservable", reason="no publishable_key: name it"),
)


def changed(*rows: dict[str, Any]) -> dict[str, Any]:
    return look("access_changes", facts=list(rows))


def test_letters_say_whose_rows() -> None:
    seen = rights(telling(observations=(served(),)))

    assert seen.tables["public.invoices"] == {"member": "t...", "service_role": "aaaa"}
    assert seen.tables["public.profiles"] == {"member": "t.t.", "stranger": "o.o."}
    assert seen.personas == ("anon", "stranger", "member", "service_role")
    assert seen.urgent() == ["public.plans"]
    assert seen.functions == {"anon": ("public.total()",), "authenticated": ("public.total()",)}


def test_errors_and_what_took_too_long_are_not_nothing() -> None:
    seen = rights(telling(observations=(served({"public.t": {"member": "SELECT=error INSERT=stopped DELETE=novel"}}),)))

    assert seen.tables["public.t"]["member"] == "e?.?"


def test_anon_without_a_token_stands_apart_only_where_it_differs() -> None:
    bare = served({"public.t": {"anon-bare": "SELECT=all"}})

    assert "anon-bare" not in rights(telling(observations=(served(),))).personas
    assert rights(telling(observations=(bare,))).personas[:2] == ("anon-bare", "anon")


def test_members_of_both_sides_are_one_column_until_they_differ() -> None:
    apart = served(PEOPLE | {"public.t": {"member-A": "SELECT=own", "member-B": "SELECT=all"}})
    marks = rights(telling(observations=(served(), trespass()))).marks
    seen = rights(telling(observations=(apart,)))

    assert [mark.persona for mark in marks] == ["stranger", "member"]
    assert seen.personas == ("anon", "stranger", "member-A", "member-B", "service_role")
    assert seen.tables["public.invoices"]["member-B"] == "t..."


def test_everybody_of_the_trials_is_known_by_strength() -> None:
    """A persona that is new in the trials stands among those who are least known otherwise."""
    alike = {"member-A", "member-B", "admin-A", "admin-B", "owner-A", "owner-B"}

    assert [name for name in STRENGTH if name in judging.STRENGTH] == [
        name for name in judging.STRENGTH if name in STRENGTH
    ]
    assert {*judging.STRENGTH} - {*STRENGTH} == {judging.STRENGTH[-1]}
    assert {*STRENGTH} - {*judging.STRENGTH} == {name.removesuffix("-A") for name in alike if name.endswith("-A")}


def test_a_trespass_is_marked_and_says_where() -> None:
    seen = rights(telling(observations=(served(), trespass("environment", others=[]))))

    says = "in the environment's database: Anybody who signs up can read rows of public.invoices"
    assert seen.marks == (
        Mark(table="public.invoices", persona="stranger", command="SELECT", kind="trespass", says=says),
    )


@pytest.mark.parametrize(("action", "command"), [("insert-foreign", "INSERT"), ("hop", ""), ("truncate", "")])
def test_deeds_that_are_no_command_are_about_the_row(action: str, command: str) -> None:
    (mark,) = rights(telling(observations=(served(), trespass(action=action, others=[])))).marks

    assert mark.command == command


def test_a_trespass_beside_the_matrix_has_a_row_too() -> None:
    seen = rights(telling(observations=(served(), trespass(about="public.total(uuid)"))))

    assert {seen.cell("public.total(uuid)", who) for who in seen.personas} == {"    "}


def test_what_fails_is_marked_for_those_for_whom_it_fails() -> None:
    defect = {
        "about": "public.plans",
        "message": "infinite recursion",
        "actions": ["insert-own"],
        "personas": ["member-A"],
    }
    (mark,) = rights(telling(observations=(served(defects=[defect]),))).marks

    assert (mark.kind, mark.persona, mark.command) == ("fails", "member", "INSERT")


def test_what_could_not_be_judged_is_said() -> None:
    blind = {"about": "public.profiles", "action": "delete", "reason": "nobody who should succeed does"}
    seen = rights(telling(observations=(served(), trespass() | {"facts": {"trespasses": [], "blind": [blind]}})))
    unseen = look('attempted {"case":"hop"}', sight="unobservable", reason="2 of 3 tables could not be judged")

    assert [(mark.kind, mark.command) for mark in seen.marks] == [("blind", "DELETE")]
    assert "Not everything is known: 2 of 3 tables could not be judged" in static(
        telling(observations=(served(), unseen))
    )


def test_compared_with_what_was_agreed_on() -> None:
    change = {"about": "public.plans", "persona": "anon", "command": "INSERT", "declared": "none", "now": "all"}
    nothing = look(
        "access_changes", sight="inapplicable", facts=None, reason="the checkout has no seatrial/access.json"
    )

    def agreed(*observations: dict[str, Any]) -> str:
        return rights(telling(observations=(served(), *observations))).agreed

    assert agreed() == ""
    assert agreed(changed()) == "What the migrations make is as agreed on in seatrial/access.json."
    assert agreed(changed(change | {"says": "x"})) == "1 cell is not as agreed on in seatrial/access.json."
    assert agreed(nothing) == "Not compared with what was agreed on: the checkout has no seatrial/access.json."


def test_only_outsiders_looked() -> None:
    made = telling(observations=OUTSIDERS)
    seen = rights(made)

    assert seen.source == "outsiders"
    assert {table: people["stranger"] for table, people in seen.tables.items()} == {
        "public.invoices": "a   ", "public.orders": ".   ", "public.big": "?   ",
    }  # fmt: skip
    assert "Not everything is known: no publishable_key: name it" in static(made)
    assert "On 1 table people reach rows not meant for them: public.invoices." in static(made)


@pytest.mark.parametrize(
    ("observations", "sentence"),
    [
        ((), "Nobody tried who may do what in this run"),
        ((look("served x", sight="unobservable", facts=None, reason="no Postgres here"),), "no Postgres here"),
        ((look("served x", facts=["odd"]), look("glimpses", facts={"odd": 1})), "Outsiders were not found"),
        ((served() | {"facts": {"enclosures": [{"file": "access.json", "content": "odd"}]}},), "Nobody tried"),
    ],
)
def test_nothing_is_said(observations: tuple[dict[str, Any], ...], sentence: str) -> None:
    assert sentence in static(telling(verdict(), observations=observations))
