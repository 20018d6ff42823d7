"""The exit code says what the verdicts say, and what never got one is missed."""

from pathlib import Path

import pytest

from selftests.small_house import House, build
from selftests.test_false_greens import Trap


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with one check that is verified."""
    return build(tmp_path / "house", tmp_path.parent / "timber").check("ok")


def test_a_deleted_case_is_missed(house: House) -> None:
    ran = house.manifest({"ok": ["pre-deploy"], "gone[a]": ["pre-deploy"]}).run()

    assert (ran.exit, ran.missing) == (10, ["gone[a]"])
    assert "gone[a]" in ran.last_line


def test_a_case_that_lost_its_lane_is_missed(house: House) -> None:
    house.check("moved", lanes="drill").manifest({"ok": ["pre-deploy"], "moved": ["pre-deploy"]})

    assert house.run("-m", "pre-deploy").missing == ["moved"]


def test_an_ignored_file_is_missed(house: House) -> None:
    house.check("ignored").manifest({"ok": ["pre-deploy"], "ignored": ["pre-deploy"]})
    ran = house.run("-m", "pre-deploy", "--ignore", "checks/small/ignored.py")

    assert (ran.exit, ran.missing) == (10, ["ignored"])


def test_another_lanes_case_is_not_missed(house: House) -> None:
    house.manifest({"ok": ["pre-deploy"], "elsewhere": ["drill"]})

    assert house.run("-m", "pre-deploy").exit == 0


def test_a_narrowed_run_misses_nothing(house: House) -> None:
    house.manifest({"ok": ["pre-deploy"], "gone": ["pre-deploy"]})

    assert house.run("-k", "ok").exit == 0


BROKEN = Trap("violated", 'raise Finding("broken")')
BLIND = Trap("blind", 'if frozen:\n    raise Finding("?")', "frozen: int")


@pytest.mark.parametrize(
    ("traps", "code", "word"),
    [
        pytest.param({"broken": BROKEN}, 1, "HOLD", id="violated"),
        pytest.param({"blind": BLIND}, 10, "CANNOT SEE", id="blind"),
        pytest.param({"broken": BROKEN, "blind": BLIND}, 1, "HOLD", id="violated-beats-blind"),
    ],
)
def test_exit_code(house: House, traps: dict[str, Trap], code: int, word: str) -> None:
    for name, trap in traps.items():
        trap.set(house, name)
    ran = house.run()

    assert (ran.exit, ran.report["run"]["exit"]) == (code, code)
    assert word in ran.last_line


def test_verified_says_go(house: House) -> None:
    ran = house.run()

    assert (ran.exit, ran.report["run"]["exit"]) == (0, 0)
    assert "GO" in ran.last_line
