"""A whole run as GitHub's runner hears it: our annotations, and of what else is printed nothing."""

from pathlib import Path

import pytest

from selftests.planted_house import Ended, House, build, start
from selftests.runner_commands import obeyed

PATIENCE = 60.0
FORGED = "::error file=forged.sql::forged"
PRINTS = f"""
import sys
print("{FORGED}", file=sys.__stdout__, flush=True)
print("##[error]forged", file=sys.__stdout__, flush=True)
raise Finding("{FORGED}", ["{FORGED}"])
"""


@pytest.fixture
def house(tmp_path: Path) -> House:
    built = build(tmp_path / "house", tmp_path / "timber").check("loud", PRINTS)
    return built.check("quiet")


def run(house: House, *arguments: str, **variables: str) -> Ended:
    return start(house, *arguments, variables={"COLUMNS": "100"} | variables).wait(PATIENCE)


@pytest.mark.parametrize("arguments", [["-s"], ["-s", "-n", "2"], ["-s", "--tb=short", "-rA"]], ids=" ".join)
def test_only_our_annotations_are_obeyed(house: House, arguments: list[str]) -> None:
    ended = run(house, *arguments, GITHUB_ACTIONS="true")
    lines = ended.output.splitlines()
    [command] = obeyed(lines)

    assert (command.name, command.properties["title"]) == ("error", "critical: loud")
    assert command.data.startswith(FORGED)
    assert lines[0].startswith("::stop-commands::")
    assert ": HOLD, do not ship" in ended.last_line


def test_elsewhere_nothing_is_said_to_a_runner(house: House) -> None:
    ended = run(house)

    assert "::stop-commands::" not in ended.output
    assert "::error title" not in ended.output


def test_a_run_that_is_misused_leaves_the_runner_listening(house: House) -> None:
    ended = run(house, "-m", "prod-smok", GITHUB_ACTIONS="true")

    assert ended.exit == 4
    assert obeyed([*ended.output.splitlines(), "::notice::after"])[-1].data == "after"


def test_a_run_that_ends_for_another_reason_leaves_the_runner_listening(house: House) -> None:
    house.check("broken", "raise SystemExit(3)")

    ended = run(house, GITHUB_ACTIONS="true")

    assert obeyed([*ended.output.splitlines(), "::notice::after"])[-1].data == "after"
