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
