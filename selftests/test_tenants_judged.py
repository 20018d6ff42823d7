"""What is made of what tenants answered: who is at fault, who is unknown, and which migrations the others have."""

from pathlib import Path

import pytest

from fixtures.facts import Unobservable
from fixtures.tenants.asked import Reach, complete, controlled, reach_of
from fixtures.tenants.connecting import Answer, History
from fixtures.tenants.refusals import Kind, kind_of
from fixtures.tenants.sweep import Bounds, Swept
from fixtures.tenants.versions import files_in, history_of, versions_of

OLD, NEW = history_of(["1", "2"]), history_of(["1", "2", "3"])
BOUNDS = Bounds(at_once=4, tenant_seconds=1.0, sweep_seconds=9.0)


def reach(*answers: Answer, served: str = "abcdef", unfinished: str = "") -> Reach:
    swept = Swept(answers=[*answers], unfinished=[*unfinished])
    return reach_of("t", 9, set(served), swept, BOUNDS, "pgpass")


def good(name: str, history: History = NEW) -> Answer:
    return Answer(name, "h", history)


def test_nothing_is_said_of_tenants_when_it_may_be_this_machine() -> None:
    refused = Answer("a", "h", kind="no connection", said="Connection refused")

    with pytest.raises(Unobservable, match=r"none of 1 tenants was reached: no connection 1 .*this machine's network"):
        controlled(reach(refused))
    assert complete(reach(refused, good("b"))).kinds == {"no connection": 1}
    assert complete(reach(Answer("a", "h", kind="password", said="no"))).kinds == {"password": 1}


def test_unfinished_ones_blind_and_do_not_hide_a_fault() -> None:
    with pytest.raises(Unobservable, match="the turn of b did not come within 9 s"):
        complete(reach(good("a"), unfinished="b"))
    assert complete(reach(good("a"), Answer("c", "h", kind="refused"), unfinished="b")).unreached


def test_groups() -> None:
    answers = [
        good("a"),
        good("b", OLD),
        good("c"),
        good("d", history_of(["1", "3"])),
        Answer("e", "h", unread="absent"),
    ]

    seen = versions_of(reach(*answers), answers, NEW, "public.schema_migrations")

    assert [(group.newest, group.applied, group.count) for group in seen.groups] == [
        ("3", 3, 2), ("2", 2, 1), ("3", 2, 1), ("no table of migrations", 0, 1),
    ]  # fmt: skip
    assert [group.organizations for group in seen.astray] == [("b",), ("d",), ("e",)]
    assert not seen.unseen


def test_all_alike_and_all_behind() -> None:
    answers = [good("a", OLD), good("b", OLD)]

    assert [group.count for group in versions_of(reach(*answers), answers, NEW, "m").astray] == [2]
    assert not versions_of(reach(*answers), answers, None, "m").astray


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        pytest.param([Answer("a", "h", unread="absent")], "none of 1 tenants has a row in m", id="absent"),
        pytest.param([Answer("a", "h", unread="permission denied")], "1 do not tell what m has, a first", id="closed"),
        pytest.param([good("a"), Answer("b", "h", kind="refused")], "agree, but 1 were not reached, b", id="unreached"),
        pytest.param([good("a"), Answer("b", "h", unread="no")], "agree, but 1 do not tell what m", id="one-closed"),
        pytest.param([], "no tenant to ask", id="nobody"),
    ],
)  # fmt: skip
def test_versions_that_nobody_knows(answers: list[Answer], says: str) -> None:
    with pytest.raises(Unobservable, match=says):
        versions_of(reach(*answers), answers, NEW, "m")


def test_a_history_that_is_empty_everywhere_is_the_wrong_one() -> None:
    answers = [good("a", History("", 0, "")), Answer("b", "h", unread="absent")]

    with pytest.raises(Unobservable, match="none of 2 tenants has a row in m"):
        versions_of(reach(*answers), answers, None, "m")
    assert len(versions_of(reach(*answers), answers, NEW, "m").astray) == 2


def test_a_database_of_another_project_is_a_fault_and_has_its_migrations_all_the_same() -> None:
    answers = [Answer("a", "h", NEW, kind="another project", said="it is x"), good("b")]

    assert complete(reach(*answers)).kinds == {"another project": 1}
    assert [group.count for group in versions_of(reach(*answers), answers, NEW, "m").groups] == [2]


def test_whose_it_is_nobody_knows() -> None:
    with pytest.raises(Unobservable, match="reached, but it is not known whose it is: a does not say"):
        complete(reach(Answer("a", "h", NEW, anonymous=True), good("b")))


@pytest.mark.parametrize(
    "kind", ["foreign host", "no host", "certificate", "no such name", "no connection", "no answer"]
)
def test_what_is_said_of_nobody_but_us(kind: Kind) -> None:
    with pytest.raises(Unobservable, match=f"none of 2 tenants was reached: {kind} 2"):
        complete(reach(Answer("a", "h", kind=kind), Answer("b", "h", kind=kind)))


@pytest.mark.parametrize(
    "kind", ["no TLS", "another's certificate", "another project", "password", "no such endpoint", "refused"]
)
def test_what_only_the_other_side_can_have_said(kind: Kind) -> None:
    assert complete(reach(Answer("a", "h", kind=kind))).kinds == {kind: 1}


def test_a_service_that_the_environment_names_is_named() -> None:
    said = 'definition of service "nope" not found'

    with pytest.raises(Unobservable, match="unset PGSERVICE"):
        complete(reach(Answer("a", "h", kind=kind_of(said), said=said)))


def test_who_is_unseen_does_not_hide_a_disagreement() -> None:
    answers = [good("a"), good("b", OLD), Answer("c", "h", kind="refused")]

    seen = versions_of(reach(*answers), answers, None, "m")

    assert len(seen.astray) == 1
    assert "c first" in seen.unseen


def test_a_name_is_enough_for_a_migration(tmp_path: Path) -> None:
    for name in ("2_b.sql", "1_a.sql", "notes.sql", "x_y.sql", "3_c.txt"):
        (tmp_path / name).touch()

    assert files_in(tmp_path) == OLD
    with pytest.raises(Unobservable, match=r"has no file <version>_<name>.sql"):
        files_in(tmp_path / "nowhere")
