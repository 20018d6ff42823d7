"""A voyage that starts from the slipway comes to what a user's comes to."""

import re
from pathlib import Path

import pytest

from selftests.voyage import Slipway, sail

TIMES = re.compile(r"\d+(?:\.\d+)? ?m?s\b|\d\d:\d\d:\d\d\S*|cachedir: .*|report: .*|/\S*seatrial-\S*|\d+ B\b")


VOYAGES = [
    ((), ["checks/health/dns_answers.py", "checks/database/room_left.py"]),
    (("status-vercel-major",), ["checks/recovery/providers_up.py"]),
    (("every-statement-slow-for-one-login",), ["checks/database/nothing_left_on.py"]),
    (("plan-statements-outdated",), ["checks/database/queries_use_index.py"]),
]


@pytest.mark.parametrize(("faults", "arguments"), VOYAGES, ids=lambda words: "-".join(words)[-40:] or "healthy")
def test_both_ways_come_to_the_same(
    faults: tuple[str, ...], arguments: list[str], slipway: Slipway, tmp_path: Path
) -> None:
    there = slipway.sail(tmp_path / "slipway", *arguments, faults=faults)

    here = sail(tmp_path / "user", *arguments, faults=faults)

    assert here.verdicts
    assert there.exit == here.exit
    assert {case: each["outcome"] for case, each in there.verdicts.items()} == {
        case: each["outcome"] for case, each in here.verdicts.items()
    }
    assert there.report["run"].keys() == here.report["run"].keys()
    assert _said(there.output) == _said(here.output)


def test_pytest_alone_says_what_is_wrong_as_it_always_does(slipway: Slipway, tmp_path: Path) -> None:
    voyage = slipway.run(tmp_path, f"--env-file={tmp_path / 'nowhere.toml'}")

    assert voyage.exit == 4
    assert "nowhere.toml" in voyage.output
    assert "Traceback" not in voyage.output


def test_one_voyage_leaves_nothing_to_the_next(slipway: Slipway, tmp_path: Path) -> None:
    check = "checks/database/nothing_left_on.py"
    exits = []
    for number, faults in enumerate((["every-statement-slow-for-one-login"], [])):
        exits.append(slipway.sail(tmp_path / str(number), check, faults=faults).exit)

    assert exits == [1, 0]


def test_a_fault_that_there_is_not_is_said(slipway: Slipway, tmp_path: Path) -> None:
    voyage = slipway.sail(tmp_path, faults=["dns-silently"])

    assert voyage.exit == 2
    assert "there is no fault named 'dns-silently'" in voyage.output
    assert not voyage.verdicts


def test_a_voyage_that_takes_too_long_is_ended(slipway: Slipway, tmp_path: Path) -> None:
    voyage = slipway.sail(tmp_path, seconds=0.3)

    assert voyage.exit == 128 + 9
    assert slipway.sail(tmp_path, "checks/health/dns_answers.py").exit == 0


def test_a_slipway_that_is_gone_is_said(tmp_path: Path) -> None:
    with Slipway() as slipway:
        pass

    with pytest.raises(RuntimeError, match="the slipway has ended"):
        slipway.sail(tmp_path, "checks/health/dns_answers.py")


def _said(output: str) -> list[str]:
    """Without times, places, and what depends on how wide the terminal is."""
    return [TIMES.sub("…", line.strip("= ")) for line in output.splitlines()]
