"""Stored observations are judged again, and nothing is looked at."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selftests.small_house import LOCAL, House, Ran, build
from selftests.test_observatory import BAD, BAD_ROWS, MODES, SEEN, seeing


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with one check that is verified."""
    return build(tmp_path / "house", tmp_path.parent / "timber").check("ok")


@pytest.fixture
def voyage(house: House) -> House:
    """A house with a verified, a violated and a blind check."""
    house.check("dark", SEEN.format(name="frozen"), "frozen: int")
    return house.check("good", BAD, "bad: tuple[Thing, ...]", BAD_ROWS)


def store(voyage: House) -> Ran:
    """Run, keep the observations in the file `stored.json`, and forget what was looked at."""
    ran = voyage.run()
    (voyage.root / "looked").unlink()
    (voyage.root / "reports-out/observations.json").rename(voyage.root / "stored.json")
    return ran


def rewrite(voyage: House, change: Callable[[list[dict[str, Any]]], object]) -> House:
    """Change the list of stored observations."""
    content = json.loads((voyage.root / "stored.json").read_text(encoding="utf-8"))
    change(content["observations"])
    return voyage.file("stored.json", json.dumps(content))


@MODES
def test_a_replay_judges_the_same_without_looking(voyage: House, mode: tuple[str, ...]) -> None:
    first = store(voyage)
    second = voyage.run("--replay", "stored.json", *mode)

    assert first.outcomes == {"ok": "verified", "dark": "blind", "good[two]": "violated", "good[none]": "verified"}
    assert (second.exit, second.verdicts) == (first.exit, first.verdicts)
    assert voyage.looked() == []


def test_a_replay_brings_nothing_up(voyage: House) -> None:
    store(voyage)
    voyage.door("""
        @observation
        async def placed(small: Small) -> str:
            return small.place.value if small.place else ""
    """)
    start = "start = ['sh', '-c', 'touch started']\n[small]\nplace = { env = 'SMALL_PLACE' }\n"
    seeing(voyage.environment(LOCAL.replace("[small]\n", start)), "placed").run("--replay", "stored.json")

    assert not (voyage.root / "started").exists()


def test_what_was_not_stored_is_blind(voyage: House) -> None:
    store(voyage)
    rewrite(voyage, lambda rows: rows.remove(next(row for row in rows if row["key"] == "sound")))
    ran = voyage.run("--replay", "stored.json")

    assert (ran.outcomes["ok"], ran.outcomes["good[two]"]) == ("blind", "violated")
    assert ran.message("ok") == "sound is not among the stored observations"
    assert voyage.looked() == []


def test_facts_of_another_version_are_blind(voyage: House) -> None:
    store(voyage)
    rewrite(voyage, lambda rows: next(row for row in rows if row["key"] == "sound").update(facts="loud"))
    ran = voyage.run("--replay", "stored.json")

    assert ran.outcomes["ok"] == "blind"
    assert "another version" in ran.message("ok")


def made(voyage: House, started: str) -> None:
    """Say when what is stored was looked at."""
    content = json.loads((voyage.root / "stored.json").read_text(encoding="utf-8"))
    voyage.file("stored.json", json.dumps(content | {"started": started}))


NOTE = "replayed: nothing was looked at now, it was on 2026-11-20 09:30 UTC (stored.json)"
THEN = "as it was on 2026-11-20 09:30 UTC: "


def unwrapped(text: str) -> str:
    """Notes are wrapped where a terminal is narrow."""
    return " ".join(text.split())


def test_a_replay_is_not_told_as_a_look(voyage: House) -> None:
    store(voyage)
    made(voyage, "2026-11-20T10:30:00+01:00")
    ran = voyage.run("--replay", "stored.json")
    out = voyage.root / "reports-out"
    run = ran.report["run"]
    told = {name: " ".join((out / name).read_text(encoding="utf-8").split()) for name in ("summary.md", "comment.md")}

    assert (run["started"], run["replayed"]) == ("2026-11-20T09:30:00.000+00:00", True)
    assert run["notes"] == [NOTE]
    assert f"note: {NOTE}" in unwrapped(ran.output)
    assert ran.last_line.endswith(f"HOLD, {THEN}do not ship; start with good[two]")
    assert all(f"HOLD: {THEN}" in text and "nothing was looked at now" in text for text in told.values())
    assert "Replayed, looked at" in (out / "index.html").read_text(encoding="utf-8")
    assert json.loads((out / "observations.json").read_bytes())["started"] == run["started"]


def test_a_green_replay_does_not_say_ship_it(house: House) -> None:
    store(house)
    made(house, "2026-11-20T09:30:00.000+00:00")

    assert house.run("--replay", "stored.json").last_line.endswith(f"GO, {THEN}look again before you ship it")


def test_a_replay_is_compared_with_nothing(voyage: House) -> None:
    voyage.variables["SEATRIAL_HISTORY"] = "kept/history.json"
    store(voyage)
    rewrite(voyage, lambda rows: rows.clear())
    ran = voyage.run("--replay", "stored.json")
    page = (voyage.root / "reports-out" / "index.html").read_text(encoding="utf-8")

    assert ran.outcomes["good[two]"] == "blind"
    assert "since the previous run" not in ran.output
    assert "A replay is compared with nothing" in page
    assert len(json.loads((voyage.root / "kept/history.json").read_bytes())["runs"]) == 1


@pytest.mark.parametrize("started", ["", "yesterday", "0001-01-01T00:00:00+14:00"])
def test_when_it_was_looked_is_what_the_looks_say(voyage: House, started: str) -> None:
    store(voyage)
    made(voyage, started)
    rewrite(voyage, lambda rows: [row.update(began="2026-11-19T08:00:00+00:00") for row in rows])

    assert "it was on 2026-11-19 08:00 UTC (stored.json)" in unwrapped(voyage.run("--replay", "stored.json").output)


def test_nobody_knows_when_it_was_looked(house: House) -> None:
    store(house)
    made(house, "")
    rewrite(house, lambda rows: [row.update(began=None) for row in rows])
    ran = house.run("--replay", "stored.json")

    assert "nothing was looked at now, it was at a time that it does not say (stored.json)" in unwrapped(ran.output)
    assert "GO, as it was on 1970-01-01 00:00 UTC: look again before you ship it" in ran.last_line
