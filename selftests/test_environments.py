"""What an environment file gives, withholds or declares, and what becomes of the checks that need it."""

import sys
from pathlib import Path

import pytest

from selftests.small_house import LOCAL, House, build

PLACE = """
@observation
async def place(small: Small) -> str:
    note("place")
    return small.place.value if small.place else "here"
"""
SENT = """
@observation(effect="send")
async def sent() -> int:
    note("sent")
    return 1


class Way(Fact, frozen=True, kw_only=True):
    effect: str


@observation
async def along(way: Way) -> int:
    note(f"along-{way.effect}")
    return 1
"""
ROWS = """
from fixtures.small import Way

WAYS = [pytest.param(Way(effect=effect), id=effect) for effect in ("read", "send")]


@pytest.mark.parametrize("along", WAYS, indirect=True)
"""
VARIABLE = 'place = { env = "SMALL_PLACE" }\n'
# `sh` in its own words: what it prints is what the environment's start command prints.
START = "start = ['sh', '-c', '''{script}''']\nunless = 'SMALL_IS_UP'\n\n[small]"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with one check that needs nothing of the environment, and one that needs `[small]`."""
    house = build(tmp_path / "house", tmp_path.parent / "timber").check("ok").door(PLACE)
    house.check("placed", 'if place == "nowhere":\n    raise Finding("lost")', "place: str")
    return house.manifest({"ok": ["pre-deploy"], "placed": ["pre-deploy"]})


def started_by(script: str) -> str:
    """An environment that is brought up by a shell script."""
    return LOCAL.replace("[small]", START.format(script=script)) + VARIABLE


def test_a_variable_that_is_set(house: House) -> None:
    house.environment(LOCAL + VARIABLE).variables["SMALL_PLACE"] = "here"

    assert house.run().exit == 0


@pytest.mark.parametrize("variables", [{}, {"SMALL_PLACE": ""}], ids=["not-set", "empty"])
def test_a_variable_that_is_not_set(house: House, variables: dict[str, str]) -> None:
    house.environment(LOCAL + VARIABLE).variables.update(variables)
    ran = house.run()

    assert (ran.exit, ran.outcomes) == (10, {"ok": "verified", "placed": "blind"})
    assert "SMALL_PLACE is not set: export it" in ran.message("placed")


def test_a_table_that_is_missing(house: House) -> None:
    ran = house.environment(LOCAL.replace("[small]", "")).run()

    assert (ran.exit, ran.outcomes) == (10, {"ok": "verified", "placed": "blind"})
    assert "local.toml has no [small] table: add it" in ran.message("placed")


def test_a_declared_provider_is_not_looked_at(house: House) -> None:
    ran = house.environment(LOCAL.replace("[small]", '[inapplicable]\nsmall = "no such place here"')).run()

    assert (ran.exit, ran.outcomes) == (0, {"ok": "verified", "placed": "inapplicable"})
    assert "no such place here" in ran.message("placed")
    assert house.looked() == ["sound"]


@pytest.mark.parametrize("arguments", [(), ("-n", "2")], ids=["plain", "workers"])
def test_a_declared_check_is_not_looked_at(house: House, arguments: tuple[str, ...]) -> None:
    ran = house.environment(LOCAL + '[inapplicable]\nplaced = "there are no places"').run(*arguments)

    assert (ran.exit, ran.outcomes) == (0, {"ok": "verified", "placed": "inapplicable"})
    assert ran.message("placed") == "there are no places"
    assert house.looked() == ["sound"]


@pytest.mark.parametrize("arguments", [(), ("-n", "2")], ids=["plain", "workers"])
def test_a_declared_case_is_not_looked_at(house: House, arguments: tuple[str, ...]) -> None:
    house.check("along", "if not along:\n    raise Finding('?')", "along: int", above=ROWS).door(SENT)
    house.manifest({"along[read]": ["pre-deploy"], "along[send]": ["pre-deploy"]})
    ran = house.environment(LOCAL + '[inapplicable]\n"along[send]" = "nobody is there"').run(*arguments)

    assert ran.exit == 0
    assert ran.outcomes["along[read]"] == "verified"
    assert (ran.outcomes["along[send]"], ran.message("along[send]")) == ("inapplicable", "nobody is there")


def test_nothing_but_inapplicable_is_no_go(house: House) -> None:
    ran = house.environment(LOCAL + '[inapplicable]\nplaced = "x"\nok = "y"').run()

    assert (ran.exit, ran.report["totals"]["inapplicable"]) == (10, 2)
    assert "nothing was verified" in ran.last_line


def test_an_effect_that_is_not_allowed(house: House) -> None:
    house.door(SENT).check("sends", "if not sent:\n    raise Finding('?')", "sent: int")
    house.check("along", "if not along:\n    raise Finding('?')", "along: int", above=ROWS)
    ran = house.environment(LOCAL.replace(', "send", "write"', "")).run()

    assert ran.exit == 0
    assert {case: ran.outcomes[case] for case in ("sends", "along[read]", "along[send]")} == {
        "sends": "inapplicable",
        "along[read]": "verified",
        "along[send]": "inapplicable",
    }
    assert "allows read only, not send" in ran.message("sends")
    assert not {"sent", "along-send"} & set(house.looked())


def test_an_effect_that_is_allowed(house: House) -> None:
    house.door(SENT).check("sends", "if not sent:\n    raise Finding('?')", "sent: int").run()

    assert "sent" in house.looked()


def test_a_start_command_that_fails(house: House) -> None:
    ran = house.environment(started_by("echo the cellar is flooded >&2; exit 3")).run()

    assert (ran.exit, ran.outcomes) == (10, {"ok": "verified", "placed": "blind"})
    assert "exit code 3: the cellar is flooded" in ran.message("placed")


def test_a_start_command_that_does_not_exist(house: House) -> None:
    ran = house.environment(LOCAL.replace("[small]", 'start = ["nonesuch-program"]\n\n[small]') + VARIABLE).run()

    assert (ran.exit, ran.outcomes["placed"]) == (10, "blind")
    assert "'nonesuch-program' cannot run" in ran.message("placed")


def test_a_start_command_gives_variables(house: House) -> None:
    house.check("placed", 'if place != "over there":\n    raise Finding(place)', "place: str")
    ran = house.environment(started_by("echo SMALL_PLACE=\\'over there\\'; echo '# ready'; exec sleep 20")).run()

    assert (ran.exit, ran.outcomes["placed"]) == (0, "verified"), ran.output


def test_an_environment_that_is_up_is_not_started(house: House) -> None:
    house.environment(started_by("exit 3")).variables.update({"SMALL_IS_UP": "1", "SMALL_PLACE": "here"})

    assert house.run().exit == 0


def test_an_environment_is_not_started_for_nothing(house: House) -> None:
    ran = house.environment(started_by("touch started; exit 3").removesuffix(VARIABLE)).run()

    assert ran.exit == 0
    assert not (house.root / "started").exists()


def test_the_own_python_starts_an_environment(house: House) -> None:
    house.file("up.py", "import sys\nprint('SMALL_PLACE=' + sys.executable)\nprint('# ready')\n")
    house.check("placed", f"if place != {sys.executable!r}:\n    raise Finding(place)", "place: str")
    ran = house.environment(LOCAL.replace("[small]", 'start = ["python", "up.py"]\n\n[small]') + VARIABLE).run()

    assert ran.exit == 0, ran.output


def test_a_file_kept_elsewhere(house: House) -> None:
    house.file("elsewhere/mine.toml", LOCAL.replace('"local"', '"mine"', 1))
    ran = house.run("--env-file", "elsewhere/mine.toml")

    assert (ran.exit, ran.report["run"]["environment"]) == (0, "mine")


def test_the_applications_own_file_comes_first(house: House) -> None:
    house.file("app/supabase/config.toml", "")
    house.file("app/seatrial/local.toml", LOCAL.replace('"local"', '"of the application"', 1))

    assert house.run("--app", "app").report["run"]["environment"] == "of the application"


@pytest.mark.parametrize("arguments", [("--env", "staging"), ()], ids=["option", "variable"])
def test_an_environment_by_name(house: House, arguments: tuple[str, ...]) -> None:
    house.environment(LOCAL.replace('"local"', '"staging"', 1), "staging")
    house.variables.update({} if arguments else {"SEATRIAL_ENV": "staging"})

    assert house.run(*arguments).report["run"]["environment"] == "staging"


def test_prod_smoke_is_judged_on_production(house: House) -> None:
    house.environment(LOCAL.replace('"local"', '"production"').replace(', "write"', ""), "production")
    ran = house.check("live", lanes="prod_smoke").run("-m", "prod-smoke")

    assert (ran.exit, ran.report["run"]["environment"], ran.outcomes) == (0, "production", {"live": "verified"})


def test_a_rehearsal_is_left_out_where_nothing_may_be_written(house: House) -> None:
    house.environment(LOCAL.replace(', "write"', "")).check("rehearsal", lanes="drill")
    ran = house.manifest({"rehearsal": ["drill"], "ok": ["pre-deploy"]}).run()

    assert (ran.exit, set(ran.outcomes), ran.missing) == (0, {"ok", "placed"}, [])
