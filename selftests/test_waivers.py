"""A waiver accepts one subject of one check, for a reason, up to and including a day; no more, and not for ever."""

from pathlib import Path

import pytest

from selftests.small_house import LOCAL, House, build, day

ROWS = """
@pytest.mark.parametrize("bad", [
    pytest.param(("a", "b"), id="both", marks=pre_deploy),
    pytest.param((), id="none", marks=migrations_lane),
], indirect=True)
"""
BODY = 'if bad:\n    raise Finding("not good", bad)'
CASES = {"ok": ["pre-deploy", "migrations"], "good[both]": ["pre-deploy"], "good[none]": ["migrations"]}
ALL = {"ok": "verified", "good[none]": "verified"}
OK, GOOD = "checks/small/ok.py", "checks/small/good.py::test_good"
SOON, YESTERDAY = day(2), day(-1)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house whose check `good` finds a and b in one case, and nothing in the other."""
    house = build(tmp_path / "house", tmp_path.parent / "timber").check("ok", lanes="pre_deploy, migrations_lane")
    return house.check("good", BODY, "bad: tuple[Thing, ...]", ROWS, lanes="high").manifest(CASES)


def test_without_a_waiver(house: House) -> None:
    ran = house.run()

    assert (ran.exit, ran.outcomes) == (1, ALL | {"good[both]": "violated"})
    assert ran.verdicts["good[both]"]["subjects"] == ["a", "b"]


def test_one_subject_of_two(house: House) -> None:
    ran = house.waive("good", "a", SOON, reason="as agreed").run()

    assert (ran.exit, ran.outcomes) == (1, ALL | {"good[both]": "violated"})
    assert ran.verdicts["good[both]"]["subjects"] == ["b"]
    assert ran.verdicts["good[both]"]["waiver"] == {"subjects": ["a"], "reason": "as agreed", "until": SOON}


@pytest.mark.parametrize("arguments", [(), ("-n", "2")], ids=["plain", "workers"])
def test_all_subjects(house: House, arguments: tuple[str, ...]) -> None:
    ran = house.waive("good", "a", SOON).waive("good[both]", "b", SOON).run(*arguments)

    assert (ran.exit, ran.outcomes) == (0, ALL | {"good[both]": "waived"})
    assert f"until {SOON}" in ran.output


@pytest.mark.parametrize(
    ("check", "subject"), [("ok", "a"), ("good[none]", "a"), ("good", "A"), ("good", "*")], ids=str
)
def test_what_it_does_not_cover(house: House, check: str, subject: str) -> None:
    ran = house.waive(check, subject, SOON).waive("good", "b", SOON).run()

    assert ran.outcomes["good[both]"] == "violated"
    assert ran.verdicts["good[both]"]["subjects"] == ["a"]


def test_its_last_day(house: House) -> None:
    today = day()
    ran = house.waive("good", "a", today).waive("good", "b", SOON).run()

    assert ran.outcomes["good[both]"] == "waived" or day() != today  # midnight may pass while this runs


def test_the_day_after(house: House) -> None:
    ran = house.waive("good", "a", YESTERDAY).waive("good", "b", SOON).run()

    assert (ran.exit, ran.outcomes["good[both]"]) == (1, "violated")
    assert ran.verdicts["good[both]"]["subjects"] == ["a"]


def test_one_that_has_expired_says_so(house: House) -> None:
    ran = house.waive("good", "a", YESTERDAY, reason="until the move").waive("good", "b", SOON).run()

    assert ran.exit == 1
    assert len([note for note in ran.report["run"]["notes"] if YESTERDAY in note and "until the move" in note]) == 1


def test_one_that_nothing_needs_is_a_finding(house: House) -> None:
    ran = house.waive("ok", "a", SOON).run(OK)

    assert (ran.exit, ran.outcomes) == (1, {"ok": "verified", "waiver_needed[ok a]": "violated"})
    assert "matches no finding" in ran.message("waiver_needed[ok a]")


@pytest.mark.parametrize("arguments", [("-m", "migrations"), (OK, f"{GOOD}[none]")], ids=["lane", "case"])
def test_one_that_is_needed_elsewhere_is_no_finding(house: House, arguments: tuple[str, ...]) -> None:
    ran = house.waive("good", "a", SOON).run(*arguments)

    assert (ran.exit, ran.outcomes) == (0, ALL)


def test_another_subject_than_the_one_asked_for_is_no_finding(house: House) -> None:
    ran = house.waive("good", "a", SOON).waive("good", "b", SOON).run("--subject", "a")

    assert ran.outcomes["good[both]"] == "waived"
    assert "waiver_needed" not in " ".join(ran.outcomes)


def test_one_is_not_unneeded_because_nobody_could_look(house: House) -> None:
    house.check("dark", 'if frozen:\n    raise Finding("?")', "frozen: int").manifest(CASES | {"dark": ["pre-deploy"]})
    ran = house.waive("dark", "a", SOON).run(OK, "checks/small/dark.py")

    assert (ran.exit, ran.outcomes) == (10, {"ok": "verified", "dark": "blind"})


def test_nothing_but_waived_is_no_go(house: House) -> None:
    ran = house.waive("good", "a", SOON).waive("good", "b", SOON).run(f"{GOOD}[both]")

    assert (ran.exit, ran.outcomes) == (10, {"good[both]": "waived"})
    assert "nothing was verified" in ran.last_line


def test_it_accepts_findings_only(house: House) -> None:
    house.check("dark", 'if frozen:\n    raise Finding("?")', "frozen: int").manifest(CASES | {"dark": ["pre-deploy"]})
    house.environment(LOCAL).waive("dark", "", SOON)

    assert house.run("checks/small/dark.py").exit == 4  # an empty subject would accept whatever has no name
