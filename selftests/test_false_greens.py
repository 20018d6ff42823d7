"""Every way in which pytest is green although nothing was verified, and our exit code for each.

Each stands beside a check that is verified, so that nothing but the trap can turn the run.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from selftests.small_house import JUDGES, House, Ran, build

IN_TWO_PROCESSES = ("-n", "2")


@dataclass(frozen=True)
class Trap:
    """A check for which pytest is green; what it is to us, and our exit code when it stands beside a verified one."""

    outcome: str
    body: str = JUDGES
    asks: str = "sound: int"
    above: str = ""
    exit: int = 10

    def set(self, house: House, name: str) -> House:
        """Put it into `house` as the check `name`."""
        return house.check(name, self.body, self.asks, self.above)


SUBTESTS = 'for i in (1, 2):\n    with subtests.test(i=i):\n        pytest.skip("no")\n' + JUDGES
FAILING_TEARDOWN = '@pytest.fixture\ndef opened():\n    yield 1\n    raise OSError("cannot close")\n'
FINDING_TOO_EARLY = '@pytest.fixture\ndef opened():\n    raise Finding("found while looking")\n'
EMPTY = '@pytest.mark.parametrize("bad", [], indirect=True)'
TRAPS = {
    "skipped": Trap("blind", 'pytest.skip("not today")'),
    "skip_marked": Trap("blind", above='@pytest.mark.skip(reason="not today")'),
    "skipped_if": Trap("blind", above='@pytest.mark.skipif(True, reason="not today")'),
    "import_skipped": Trap("blind", above='pytest.importorskip("nonesuch_library")'),
    "subtests_skipped": Trap("blind", SUBTESTS, "sound: int, subtests: object"),
    "xfail_finding": Trap("violated", 'raise Finding("broken")', above="@pytest.mark.xfail", exit=1),
    "xfail_no_connection": Trap("crashed", JUDGES + "\nraise ConnectionError", above="@pytest.mark.xfail"),
    "xfail_not_run": Trap("blind", above="@pytest.mark.xfail(run=False)"),
    "xfail_said": Trap("blind", JUDGES + '\npytest.xfail("known")'),
    "xpass_strict": Trap("crashed", above="@pytest.mark.xfail(strict=True)"),
    "xpass": Trap("crashed", above="@pytest.mark.xfail(strict=False)"),
    "returns_false": Trap("crashed", JUDGES + "\nreturn False"),
    "no_finding": Trap("crashed", "pass"),
    "no_observation": Trap("crashed", 'if not os:\n    raise Finding("?")', asks=""),
    "failing_teardown": Trap("crashed", asks="sound: int, opened: int", above=FAILING_TEARDOWN),
    "finding_in_fixture": Trap("crashed", asks="sound: int, opened: int", above=FINDING_TOO_EARLY),
    "assertion": Trap("crashed", JUDGES + "\nassert sound == 2"),
    "system_exit": Trap("crashed", JUDGES + "\nraise SystemExit(0)"),
    # What cannot be collected stops a plain run with pytest's own code; under -n the others are judged.
    "empty_parameter_set": Trap("crashed", asks="bad: object", above=EMPTY, exit=2),
    "assert_on_tuple": Trap("crashed", JUDGES + '\nassert (sound == 2, "never false")'),
    "cannot_be_imported": Trap("crashed", above="1 / 0", exit=2),
    "exit_while_imported": Trap("crashed", above='pytest.exit("bye", returncode=0)', exit=2),
}


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with one check that is verified."""
    return build(tmp_path / "house", tmp_path.parent / "timber").check("ok")


@pytest.fixture(scope="module")
def all_traps_in_two_processes(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Every trap beside a verified check, judged by two workers."""
    house = build(tmp_path_factory.mktemp("traps") / "house", tmp_path_factory.getbasetemp() / "timber").check("ok")
    for name, trap in TRAPS.items():
        trap.set(house, name)
    return house.run(*IN_TWO_PROCESSES)


@pytest.mark.parametrize("arguments", [(), IN_TWO_PROCESSES], ids=["plain", "workers"])
def test_the_verified_check_alone_is_green(house: House, arguments: tuple[str, ...]) -> None:
    assert house.run(*arguments).exit == 0


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_turns_the_run(house: House, name: str) -> None:
    trap = TRAPS[name]
    ran = trap.set(house, name).run()

    assert ran.outcomes.get(name) == trap.outcome
    assert ran.exit == trap.exit


@pytest.mark.parametrize("name", TRAPS)
def test_a_worker_tells_the_controller(all_traps_in_two_processes: Ran, name: str) -> None:
    assert all_traps_in_two_processes.outcomes.get(name) == TRAPS[name].outcome


def test_a_trap_beside_others_harms_none_of_them(all_traps_in_two_processes: Ran) -> None:
    assert all_traps_in_two_processes.outcomes["ok"] == "verified"
    assert all_traps_in_two_processes.exit == 1


@pytest.mark.parametrize("name", ["skipped", "import_skipped", "xpass"])
def test_a_trap_alone(tmp_path: Path, name: str) -> None:
    house = build(tmp_path / "house", tmp_path.parent / "timber")

    assert TRAPS[name].set(house, name).run().exit == 10


@pytest.mark.parametrize(
    "arguments", [IN_TWO_PROCESSES, ("--continue-on-collection-errors",)], ids=["workers", "continued"]
)
def test_a_file_that_cannot_be_collected_turns_the_run(house: House, arguments: tuple[str, ...]) -> None:
    ran = TRAPS["cannot_be_imported"].set(house, "broken").run(*arguments)

    assert ran.outcomes == {"ok": "verified", "broken": "crashed"}
    assert ran.exit == 10
    assert "ZeroDivisionError" in ran.message("broken")


@pytest.mark.parametrize("arguments", [(), ("-k", "ok or quits or skipped_over")], ids=["all", "narrowed"])
def test_a_check_cannot_end_the_run(house: House, arguments: tuple[str, ...]) -> None:
    house.check("quits", JUDGES + '\npytest.exit("enough", returncode=0)').check("skipped_over")
    ran = house.run(*arguments)

    assert ran.exit == 10
    assert "quits" in [*ran.missing, *(name for name, outcome in ran.outcomes.items() if outcome == "crashed")]
    assert "skipped_over" in ran.missing or ran.outcomes["skipped_over"] == "verified"


def test_a_worker_that_ends_the_run(house: House) -> None:
    ran = house.check("quits", JUDGES + '\npytest.exit("enough", returncode=0)').run(*IN_TWO_PROCESSES)

    assert ran.exit in (3, 10)  # pytest-xdist 3.8 itself may fall over it
    assert ran.outcomes.get("quits", "crashed") == "crashed"


def test_a_worker_that_dies(house: House) -> None:
    ran = house.check("dies", JUDGES + "\nos._exit(0)").run(*IN_TWO_PROCESSES)

    assert (ran.exit, ran.outcomes) == (10, {"ok": "verified", "dies": "crashed"})


def test_a_blind_check_stops_an_impatient_run(house: House) -> None:
    house.check("blind", asks="frozen: int", body='if frozen:\n    raise Finding("?")').check("later")
    ran = house.run("-x")

    assert (ran.exit, ran.outcomes, ran.missing) == (10, {"blind": "blind"}, ["later", "ok"])


def test_too_many_warnings(house: House) -> None:
    ran = house.check("warns", JUDGES + '\nimport warnings\nwarnings.warn("old", stacklevel=1)').run("--max-warnings=0")

    assert (ran.exit, ran.report["run"]["exit"]) == (10, 10)
    assert "CANNOT SEE" in ran.last_line


def test_collected_only(house: House) -> None:
    ran = house.run("--collect-only")

    assert ran.exit == 10
    assert "collected only" in ran.last_line
    assert house.looked() == []


def test_set_up_only(house: House) -> None:
    ran = house.run("--setup-only")

    assert (ran.exit, ran.missing) == (10, ["ok"])


def test_planned_only(house: House) -> None:
    ran = house.run("--setup-plan")

    assert (ran.exit, ran.missing) == (10, ["ok"])
    assert house.looked() == []


@pytest.mark.parametrize("arguments", [(), IN_TWO_PROCESSES], ids=["plain", "workers"])
def test_nothing_selected(house: House, arguments: tuple[str, ...]) -> None:
    ran = house.run("-k", "nonesuch", *arguments)

    assert ran.exit == 5
    assert "CANNOT SEE" in ran.last_line


@pytest.mark.parametrize(
    ("trap", "said"),
    [
        pytest.param({"lanes": ""}, "trap is in no lane", id="no-lane"),
        pytest.param({"asks": "sound: int, nonesuch: int"}, "asks for 'nonesuch'", id="unknown-observation"),
        pytest.param(
            {"asks": "sound: int, nonesuch: int", "above": "@pytest.mark.xfail"}, "asks for 'nonesuch'", id="xfailed"
        ),
    ],
)
def test_a_check_that_can_never_be_judged(house: House, trap: dict[str, str], said: str) -> None:
    ran = house.check("trap", **trap).run()

    assert ran.exit == 4
    assert said in ran.output


@pytest.mark.parametrize("trap", [{"lanes": ""}, {"asks": "sound: int, nonesuch: int"}], ids=["lane", "observation"])
def test_a_worker_finds_one_that_can_never_be_judged(house: House, trap: dict[str, str]) -> None:
    ran = house.check("trap", **trap).run(*IN_TWO_PROCESSES)

    assert ran.exit in (3, 4, 10)  # pytest-xdist 3.8 may fall over a worker that refuses to go on
    assert ran.outcomes.get("trap", "crashed") == "crashed"
