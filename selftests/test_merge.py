"""``python -m reports.merge``: one report of many, in which what nobody judged is missing and nothing is lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reports.json_file import write_json
from reports.verdicts import Outcome
from selftests.merged_shards import LANE, Shards, part, shards_at
from selftests.report_samples import HOSTILE, report, verdict


@pytest.fixture
def shards(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shards:
    """No folder yet."""
    return shards_at(tmp_path, capsys, monkeypatch)


def test_shards_become_one_run(shards: Shards) -> None:
    shards.add("1", part({"a": "verified", "b": "verified"}, day=2, shard="1/2", seconds=3.0, notes=("n", "one")))
    shards.add("2", part({"c": "verified"}, day=1, shard="2/2", seconds=5.0, notes=("n", "two")))

    assert shards.merge() == 0
    assert (shards.run["seconds"], shards.run["started"][:10], shards.run["shard"]) == (5.0, "2026-11-01", None)
    assert (shards.run["word"], shards.run["notes"]) == ("GO", ["n", "one", "two"])
    assert shards.outcomes == dict.fromkeys("abc", "verified")
    assert shards.said.splitlines()[-1] == ("drill on staging: 3 verified, 0 violated, 0 blind in 5.0 s: GO, ship it")


def test_every_form_of_the_report_is_made(shards: Shards) -> None:
    shards.add("1", part({"a": "verified", "b": "violated"})).add("2", part({"c": "verified"}))

    assert shards.merge() == 1
    assert {path.name for path in shards.out.iterdir()} >= {
        "verdicts.json", "junit.xml", "allure-results", "summary.md", "observations.json", "index.html", "comment.md",
        "ctrf.json", "seatrial.sarif", "history.json",
    }  # fmt: skip
    assert json.loads((shards.out / "history.json").read_bytes())["runs"][0]["violated"] == ["b"]


def test_a_case_that_ran_nowhere_is_missing(shards: Shards) -> None:
    shards.add("1", part({"a": "verified"}, shard="1/3")).add("2", part({"b": "verified"}, shard="2/3"))

    assert shards.merge() == 10
    assert shards.outcomes == {"a": "verified", "b": "verified", "c": "missing"}
    assert shards.run["reason"] == "not among what was merged: shard 3/3"
    assert "not among what was merged: shard 3/3" in shards.said.splitlines()[-1]


def test_a_shard_to_which_nothing_fell_is_not_missed(shards: Shards) -> None:
    shards.add("1", part({"a": "verified", "b": "verified"}, shard="1/3")).add(
        "2", part({"c": "verified"}, shard="2/3")
    )

    assert shards.merge() == 0


def test_a_violated_case_counts_more_than_a_missing_one(shards: Shards) -> None:
    shards.add("1", part({"a": "violated"})).add("2", part({"b": "verified"}))

    assert shards.merge() == 1


def test_what_a_shard_misses_another_may_have(shards: Shards) -> None:
    shards.add("1", part({"a": "verified", "b": "verified"}, missing=("c",))).add("2", part({"c": "verified"}))

    assert shards.merge() == 0


def test_lanes_say_what_the_whole_is(shards: Shards) -> None:
    """The job of a whole lane may have died."""
    shards.add("1", part(dict.fromkeys("abc", "verified")))

    assert shards.merge(names=("1",)) == 0
    assert shards.merge("--lanes", "drill or prod-smoke", names=("1",)) == 10
    assert shards.outcomes["d"] == "missing"


def test_runs_of_different_lanes_become_one(shards: Shards) -> None:
    shards.add("1", part(dict.fromkeys("abc", "verified"))).add("2", part({"d": "verified"}, lanes=("prod-smoke",)))

    assert shards.merge() == 0
    assert shards.run["lanes"] == ["prod-smoke", "drill"]


@pytest.mark.parametrize(
    ("one", "other", "counts"),
    [
        ("verified", "violated", "violated"),
        ("blind", "violated", "violated"),
        ("verified", "blind", "blind"),
        ("blind", "crashed", "crashed"),
        ("crashed", "violated", "violated"),
        ("waived", "blind", "blind"),
        ("inapplicable", "verified", "verified"),
    ],
)
def test_of_two_verdicts_the_worse_one_counts(shards: Shards, one: Outcome, other: Outcome, counts: str) -> None:
    rest = part({"b": "verified", "c": "verified"})
    for first, second in ((one, other), (other, one)):
        shards.add("1", part({"a": first})).add("2", part({"a": second})).add("3", rest)
        shards.merge(names=("1", "2", "3"))

        assert shards.outcomes["a"] == counts
        assert shards.run["notes"] == [
            f"judged more than once, the worse counts: a ({', '.join(sorted((one, other)))})"
        ]


def test_a_case_that_was_judged_twice_alike_is_said(shards: Shards) -> None:
    shards.add("1", part(dict.fromkeys("abc", "verified"))).add("2", part({"a": "verified"}))

    assert shards.merge() == 0
    assert shards.run["notes"] == ["judged more than once, alike: a"]


@pytest.mark.parametrize(("code", "reason"), [(2, "interrupted"), (3, "internal error"), (10, "the deadline passed")])
def test_a_run_that_ended_early_leaves_the_whole_unseen(shards: Shards, code: int, reason: str) -> None:
    shards.add("1", part({"a": "verified", "b": "verified"}, exit=code, word="CANNOT SEE", reason=reason))
    shards.add("2", part({"c": "verified"}))

    assert shards.merge() == 10
    assert shards.run["reason"] == f"{shards.place / '1'}: {reason}"


def test_the_next_whole_is_told_beside_this_one(shards: Shards) -> None:
    shards.add("1", part({"a": "verified", "b": "verified"}, day=1)).add("2", part({"c": "violated"}, day=1)).merge()
    shards.add("1", part({"a": "verified", "b": "violated"}, day=2)).add("2", part({"c": "verified"}, day=2)).merge()

    assert "since the previous run (1 day ago, 0123abc): 1 new, 1 mended" in shards.said


def test_replays_become_a_replay(shards: Shards) -> None:
    shards.add("1", part({"a": "verified", "b": "verified"}, replayed=True, notes=("replayed: then",)))
    shards.add("2", part({"c": "verified"}, replayed=True, notes=("replayed: then",))).merge()

    assert (shards.run["replayed"], shards.run["notes"]) == (True, ["replayed: then"])
    assert shards.said.splitlines()[-1].endswith("GO, as it was on 2026-11-01 10:00 UTC: look again before you ship it")
    assert not (shards.out / "history.json").exists()


def test_observations_are_brought_together(shards: Shards) -> None:
    rows = {
        "1": [
            {"key": "tables", "sight": "seen", "facts": [1]},
            {"key": "api", "sight": "unobservable", "reason": "no"},
        ],
        "2": [{"key": "tables", "sight": "unobservable"}, {"key": "api", "sight": "seen", "facts": {"ok": True}}],
    }
    for name, observations in rows.items():
        shards.add(name, part({"a": "verified"}))
        stored = {"version": 1, "environment": "staging", "started": "", "observations": observations}
        (shards.place / name / "observations.json").write_text(json.dumps(stored))
    shards.merge()
    merged = json.loads((shards.out / "observations.json").read_bytes())["observations"]

    assert {row["key"]: row["facts"] for row in merged} == {"tables": [1], "api": {"ok": True}}


def test_secrets_are_taken_out_once_more(shards: Shards, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shard may have run where the variable was not known."""
    monkeypatch.setenv("API_TOKEN", "a-secret-of-this-job")
    leaky = verdict("violated", check="a", case="", message="it says a-secret-of-this-job")
    shards.add("1", report(leaky, environment="staging", kind="staging", lanes=LANE))
    shards.merge(names=("1",))

    assert [path for path in shards.out.rglob("*") if path.is_file() and b"a-secret-of" in path.read_bytes()] == []
    assert "a-secret-of" not in shards.said


def test_hostile_texts_of_a_shard(shards: Shards) -> None:
    shards.add("1", part({"a": "verified"}, notes=(HOSTILE,), reason=HOSTILE, exit=10, missing=(HOSTILE,)))

    assert shards.merge(names=("1",)) == 10
    assert "\x1b" not in shards.said
    assert not any(line.startswith("::") for line in shards.said.splitlines())


def test_as_a_command(tmp_path: Path) -> None:
    write_json(part({"a": "violated"}), tmp_path / "1")
    command = [sys.executable, "-m", "reports.merge", str(tmp_path / "1"), "--report", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1, done.stderr
    assert done.stdout.strip().splitlines()[-1].endswith("HOLD, do not ship; start with a")
