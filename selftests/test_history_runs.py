"""What runs of a house leave in their history, and which of them leave nothing."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from selftests.small_house import House, build

KEPT = "--history=kept/history.json"
FLAG = "import pathlib\nif pathlib.Path('broken').exists():\n    raise Finding('broken')"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with a check that is well until there is a file called broken, and another."""
    house = build(tmp_path / "house", tmp_path.parent / "timber")
    house.check("flag", FLAG).check("ok").manifest({"flag": ["pre-deploy"], "ok": ["pre-deploy"]})
    return house


def history(house: House) -> dict[str, Any]:
    """The content of the file; nothing when there is none."""
    file = house.root / "kept" / "history.json"
    content: dict[str, Any] = json.loads(file.read_bytes()) if file.exists() else {"runs": [], "cases": {}}
    return content


def words(house: House) -> list[str]:
    return [run["word"] for run in history(house)["runs"]]


def outcome(house: House, case: str) -> str:
    return str(history(house)["cases"]["local"][case]["outcome"])


def test_runs_are_told_beside_the_ones_before(house: House) -> None:
    first = house.run(KEPT)
    house.file("broken", "")
    second, third = house.run(KEPT), house.run(KEPT)
    (house.root / "broken").unlink()
    last = house.run(KEPT)

    assert words(house) == ["GO", "HOLD", "HOLD", "GO"]
    assert "since the previous run" not in first.output
    assert re.search(r"^VIOLATED  critical  flag  SMALL-1  new$", second.output, re.MULTILINE)
    assert "since the previous run (just before): 1 new\n" in second.output
    assert re.search(r"^VIOLATED .*  since 20\d\d-\d\d-\d\d \d\d:\d\d UTC$", third.output, re.MULTILINE)
    assert "1 still violated\n" in third.output
    assert "1 mended\n" in last.output


def test_the_file_lies_in_the_report_where_nothing_else_is_said(house: House) -> None:
    house.run()

    assert json.loads((house.root / "reports-out/history.json").read_bytes())["runs"][0]["exit"] == 0


def test_a_variable_names_the_file(house: House) -> None:
    house.variables["SEATRIAL_HISTORY"] = "kept/history.json"
    house.run()

    assert words(house) == ["GO"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--collect-only"], ["--setup-only"], ["--setup-plan"], ["--subject=a"], ["--shard=1/1"], ["-k", "nonesuch"],
        ["--replay=stored.json"], ["--report=elsewhere", "--env=gone"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_run_that_leaves_no_trace(house: House, arguments: list[str]) -> None:
    house.run(KEPT)
    (house.root / "reports-out/observations.json").rename(house.root / "stored.json")
    before = history(house)
    house.file("broken", "").run(KEPT, *arguments)

    assert history(house) == before


def test_a_replay_is_told_beside_nothing(house: House) -> None:
    """It looked at nothing, so that nothing can have changed."""
    house.run(KEPT)
    (house.root / "reports-out/observations.json").rename(house.root / "stored.json")
    house.file("broken", "")

    ran = house.run(KEPT, "--replay=stored.json")

    assert ran.outcomes["flag"] == "violated"
    assert "since the previous run" not in ran.output


def test_another_application_has_another_history(house: House) -> None:
    """The first minutes of docs/adopting.md: a trial, then one's own application, both of them called local."""
    house.run(KEPT)
    house.file("broken", "").file("yours/supabase/config.toml", "")
    first, second = house.run(KEPT, "--app=yours"), house.run(KEPT, "--app=yours")
    (house.root / "broken").unlink()
    trial = house.run(KEPT)

    assert words(house) == ["GO", "HOLD", "HOLD", "GO"]
    assert "since the previous run" not in first.output
    assert re.search("^VIOLATED  critical  flag  SMALL-1$", first.output, re.MULTILINE)
    assert "1 still violated\n" in second.output
    assert "nothing changed\n" in trial.output


@pytest.mark.parametrize("arguments", [["-k", "flag"], ["checks/small/flag.py"]], ids=" ".join)
def test_a_narrowed_run_changes_its_cases_and_is_no_run(house: House, arguments: list[str]) -> None:
    house.run(KEPT)
    house.file("broken", "").run(KEPT, *arguments)

    assert (words(house), outcome(house, "flag"), outcome(house, "ok")) == (["GO"], "violated", "verified")


def test_a_run_with_workers_is_one_run(house: House) -> None:
    house.run(KEPT, "-n", "2")

    assert words(house) == ["GO"]
    assert history(house)["runs"][0]["families"] == {"small": {"verified": 2}}


def test_a_missing_case_is_remembered_as_such(house: House) -> None:
    house.run(KEPT)
    (house.root / "checks/small/ok.py").unlink()
    ran = house.run(KEPT)

    assert (words(house), outcome(house, "ok")) == (["CANNOT SEE", "GO"], "missing")
    assert history(house)["runs"][0]["blind"] == ["ok"]
    assert "1 no longer seen" in ran.output


def test_a_damaged_file_costs_nothing_but_itself(house: House) -> None:
    ran = house.file("kept/history.json", "{").run(KEPT)

    assert (ran.exit, words(house)) == (0, ["GO"])
    assert "kept/history.json is damaged" in ran.output
    assert ran.last_line.endswith("GO, ship it")
    assert len(list((house.root / "kept").glob("history.json.damaged-*"))) == 1


def test_a_history_that_cannot_be_written_stops_nothing(house: House) -> None:
    ran = house.file("kept", "a file").run(KEPT)

    assert (ran.exit, ran.outcomes) == (0, {"flag": "verified", "ok": "verified"})
    assert "history: " in ran.output


def test_a_run_that_is_ended_by_the_watchdog_is_remembered(house: House) -> None:
    house.environment('[environment]\nname = "local"\nkind = "local"\nwithin = 1\n\n[small]\n')
    house.check("hangs", "time.sleep(1000)\nraise Finding", above="import time")
    house.run(KEPT)

    assert (words(house), outcome(house, "hangs")) == (["CANNOT SEE"], "blind")


@pytest.mark.parametrize("named", ["--history=kept", "--history=", "variable"])
def test_a_place_that_is_no_file_is_refused_before_anything_is_looked_at(house: House, named: str) -> None:
    (house.root / "kept").mkdir()
    if named == "variable":
        house.variables["SEATRIAL_HISTORY"] = "kept"
    ran = house.run(*([named] if named != "variable" else []))

    assert (ran.exit, house.looked()) == (4, [])
    assert re.search("is a folder: name a file|--history is empty", ran.output)


def test_the_last_lines_say_where_the_page_is(house: House) -> None:
    """By its own address, where the report has one; and nowhere, when this run wrote none."""
    ran = house.run(KEPT)
    house.variables["SEATRIAL_REPORT_URL"] = "https://ci.example/runs/1"
    linked = house.run(KEPT)
    collected = house.run(KEPT, "--collect-only")
    del house.variables["SEATRIAL_REPORT_URL"]
    elsewhere = house.run(KEPT, f"--report={house.root.parent / 'elsewhere'}")

    assert ran.output.strip().splitlines()[-2] == "report: reports-out/index.html"
    assert linked.output.strip().splitlines()[-2] == "report: https://ci.example/runs/1"
    assert history(house)["runs"][1]["url"] == "https://ci.example/runs/1"
    assert "report: " not in collected.output
    assert f"report: {house.root.parent / 'elsewhere' / 'index.html'}" in elsewhere.output


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("javascript:alert(1)", "SEATRIAL_REPORT_URL is no http(s) address"),
        ("https://ci.example/?token=a-token-of-the-ci", "the report's own address holds a secret"),
    ],
)
def test_an_address_that_cannot_be_shown_is_not(house: House, address: str, said: str) -> None:
    house.variables["SEATRIAL_REPORT_URL"] = address
    ran = house.run(KEPT)

    assert said in ran.output
    assert "report: reports-out/index.html" in ran.output
    assert address not in (house.root / "reports-out/index.html").read_text(encoding="utf-8")
