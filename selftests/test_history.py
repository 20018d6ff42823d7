"""history.json: what runs leave for later ones, and what happens to the file when things go wrong."""

import json
import multiprocessing
import stat
from pathlib import Path

import msgspec
import pytest

from reports.past.history import BadHistory, Looked, Past, PastCase, read_history
from reports.past.keeping import kept, known
from reports.past.remembering import CASES, RUNS, _alone, past_run, remember, remembered
from selftests.past_samples import after, found, instant, telling
from selftests.report_samples import HOSTILE, one_of_each, report, verdict

PLACE = "history.json"


def test_a_run_as_later_ones_know_it() -> None:
    sample = report(*one_of_each(), missing=("lost[a]", "unknown"), lanes=("pre-deploy", "prod-smoke"))
    run = past_run(telling(sample, url="https://ci.example/1"))

    assert (run.environment, run.kind, run.lanes) == ("production", "production", ("pre-deploy", "prod-smoke"))
    assert (run.commit, run.started, run.seconds, run.url) == (
        "0123abc", "2026-11-22T10:00:00+00:00", 4.23, "https://ci.example/1",
    )  # fmt: skip
    assert (run.exit, run.word) == (1, "HOLD")
    assert run.totals == dict.fromkeys(run.totals, 1) | {"missing": 2}
    assert run.totals.keys() == {*sample.totals, "missing"}
    assert run.families["row_security"] == {"blind": 1, "crashed": 1, "inapplicable": 1, "violated": 1, "waived": 1}
    assert (run.families["health"], run.families["missing"]) == ({"missing": 1, "verified": 1}, {"missing": 1})
    assert run.violated == ("rls_enabled[environment]",)
    assert run.blind == ("migration_status[unknown]", "signup_trigger", "lost[a]", "unknown")


def test_what_is_named_of_a_run_has_an_end_and_begins_with_the_most_severe() -> None:
    low = [verdict("violated", case=f"low-{number}", severity="low") for number in range(CASES)]
    run = past_run(telling(report(*low, verdict("violated", case="worst"))))

    assert (run.violated[0], len(run.violated), run.totals["violated"]) == ("rls_enabled[worst]", CASES, CASES + 1)


def test_since_when_a_case_is_as_it_is() -> None:
    past = after(
        found({"a": "verified", "b": "violated"}, 1, commit="c1"),
        found({"a": "violated", "b": "violated"}, 2, commit="c2"),
        found({"a": "violated", "b": "blind"}, 3, commit="c3"),
        found({}, 4, missing=("b",)),
    )

    assert past.cases["production"] == {
        "a": PastCase(outcome="violated", since=instant(2), verified=instant(1), commit="c2", judged=instant(3)),
        "b": PastCase(
            outcome="missing",
            since=instant(4),
            verified=None,
            commit="0123abc",
            judged=instant(4),
            looked=Looked(outcome="violated", since=instant(1), commit="c1"),
        ),
    }


def test_environments_are_kept_apart() -> None:
    past = after(found({"a": "violated"}, 1), found({"a": "verified"}, 2, environment="staging"))

    assert {name: cases["a"].outcome for name, cases in past.cases.items()} == {
        "production": "violated", "staging": "verified",
    }  # fmt: skip


def test_two_hundred_runs_of_each_environment_are_kept_newest_first() -> None:
    one = past_run(telling(found({}, environment="staging")))
    years = [msgspec.structs.replace(one, environment="production", started=f"{year}-11-01") for year in range(RUNS)]
    past = remembered(Past(runs=(*years, one)), telling(found({}, 1)), whole=True)

    assert [run.environment for run in past.runs].count("production") == RUNS
    assert [run.environment for run in past.runs].count("staging") == 1
    assert [run.started for run in past.runs] == sorted((run.started for run in past.runs), reverse=True)
    assert "0-11-01" not in {run.started for run in past.runs}


def test_a_narrowed_run_is_known_by_its_cases_only() -> None:
    past = remembered(after(found({"a": "violated"}, 1)), telling(found({"a": "verified"}, 2)), whole=False)

    assert (len(past.runs), past.cases["production"]["a"].outcome) == (1, "verified")


def test_the_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    place = tmp_path / "new" / PLACE
    first, second = found({"a": "verified"}, 1), found({"a": "violated"}, 2)
    remember(place, telling(first), whole=True)
    remember(place, telling(second), whole=True)
    past = read_history(place)

    assert msgspec.to_builtins(past) == {"version": 1, **msgspec.to_builtins(after(first, second))}
    assert place.read_text(encoding="utf-8").count("\n") == 6, "a line for each run and each case"


def test_hostile_texts_are_kept_and_steer_nothing(tmp_path: Path) -> None:
    sample = report(verdict("violated", case=HOSTILE), missing=(HOSTILE,), environment=HOSTILE, commit=HOSTILE)
    remember(tmp_path / PLACE, telling(sample), whole=True)
    text = (tmp_path / PLACE).read_text(encoding="utf-8")

    assert not set(text) & set("\x00\x1b\x9b\u202e\ud800")
    assert read_history(tmp_path / PLACE).runs[0].word == "HOLD"


def test_nothing_is_known_where_there_is_no_file(tmp_path: Path) -> None:
    assert read_history(tmp_path / PLACE) == Past()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"version":1,"runs":[{}],"cases":{}}', b"\xff\xfe", b'{"version":"1"}'],
    ids=["empty", "cut", "a list", "a run without anything", "no text", "a version in words"],
)
def test_a_damaged_file_is_set_aside_and_said(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / PLACE
    place.write_bytes(content)
    complaints: list[str] = []
    past = known(place, True, complaints)
    complaints += kept(place, telling(found({"a": "verified"})), whole=True)
    [aside] = tmp_path.glob("history.json.damaged-*")

    assert past == Past()
    assert aside.read_bytes() == content
    assert f"{place} is damaged" in complaints[0]
    assert complaints[1:] == [f"history: it is kept as {aside}; a new one begins with this run"]
    assert len(read_history(place).runs) == 1


def test_two_files_damaged_within_a_second_are_both_kept(tmp_path: Path) -> None:
    for content in (b"{1", b"{2"):
        (tmp_path / PLACE).write_bytes(content)
        known(tmp_path / PLACE, True, [])

    assert {path.read_bytes() for path in tmp_path.glob("history.json.damaged-*")} == {b"{1", b"{2"}


def test_a_run_that_leaves_no_trace_leaves_a_damaged_file_where_it_is(tmp_path: Path) -> None:
    (tmp_path / PLACE).write_bytes(b"{")
    complaints: list[str] = []
    known(tmp_path / PLACE, False, complaints)

    assert [path.name for path in tmp_path.iterdir()] == [PLACE]
    assert len(complaints) == 1


def test_a_file_of_another_version_is_never_touched(tmp_path: Path) -> None:
    place = tmp_path / PLACE
    place.write_bytes(b'{"version":2,"everything":"else"}')
    complaints: list[str] = []
    known(place, True, complaints)
    complaints += kept(place, telling(found({})), whole=True)

    assert place.read_bytes() == b'{"version":2,"everything":"else"}'
    assert complaints == [f"history: {place} is of version 2, this is 1: name another file with --history"]


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    [complaint] = kept(tmp_path / "file" / PLACE, telling(found({})), whole=True)

    assert complaint.startswith("history: this run could not be added to it: ")


def test_a_file_that_another_run_holds_is_waited_for_and_then_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.past.remembering.PATIENCE", 0.1)
    with _alone(tmp_path / PLACE):
        [complaint] = kept(tmp_path / PLACE, telling(found({})), whole=True)

    assert complaint == f"history: this run could not be added to it: another run holds {tmp_path / PLACE}"
    assert list(kept(tmp_path / PLACE, telling(found({})), whole=True)) == []


def _add(place: Path, number: int) -> None:
    remember(place, telling(found({f"check_{number}": "verified"}, number)), whole=True)


def test_runs_at_the_same_time_are_all_remembered(tmp_path: Path) -> None:
    place, context = tmp_path / PLACE, multiprocessing.get_context("fork")
    runs = [context.Process(target=_add, args=(place, number)) for number in range(1, 9)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    past = read_history(place)

    assert [run.started for run in past.runs] == [instant(number) for number in range(8, 0, -1)]
    assert len(past.cases["production"]) == 8
    assert {path.name for path in tmp_path.iterdir()} == {PLACE, f".{PLACE}.lock"}


def test_an_unreadable_file_is_not_taken_for_a_damaged_one(tmp_path: Path) -> None:
    (tmp_path / PLACE).mkdir()

    with pytest.raises(BadHistory, match="cannot be read") as raised:
        read_history(tmp_path / PLACE)
    assert not raised.value.damaged


def test_others_can_read_it(tmp_path: Path) -> None:
    """A workflow caches it as another user."""
    remember(tmp_path / PLACE, telling(found({})), whole=True)

    assert (tmp_path / PLACE).stat().st_mode & stat.S_IRGRP
    assert json.loads((tmp_path / PLACE).read_bytes())["version"] == 1
