"""The action in one line, run as GitHub would run it, on a project that had a life before this suite."""

import json
import subprocess
import sys

import pytest

from selftests.github_shell import HOUSE, Event, GitHub, Job, read_action
from selftests.github_shell_actions import Store
from selftests.github_shell_project import commit, old_project

NAMED = {"lanes": "migrations", "name": "gate"}
HEADING = '[environment]\nname = "local"\nkind = "local"\n'


@pytest.fixture(scope="module")
def github(tmp_path_factory: pytest.TempPathFactory) -> GitHub:
    folder = tmp_path_factory.mktemp("github")
    return GitHub(Store(folder, old_project(folder / "application")))


@pytest.fixture(scope="module")
def first(github: GitHub) -> Job:
    """The first run on the project as it is."""
    return github.action("", Event(run=1), NAMED, {})


@pytest.fixture(scope="module")
def accepted(github: GitHub, first: Job) -> Job:
    """The second, when all that was found has been accepted until a day."""
    waive = [sys.executable, "-m", "reports.waive", str(github.store.artefacts / "gate"), "--critical"]
    rows = subprocess.run(waive, cwd=HOUSE, capture_output=True, text=True, check=True, timeout=60).stdout
    commit(github.store.application, {"seatrial/local.toml": f"{HEADING}\n[application]\n\n{rows}"})
    return github.action("", Event(run=2), NAMED, {})


def test_what_is_broken_fails_the_job_and_is_told(first: Job, github: GitHub) -> None:
    assert first.result == "failure", first.output
    assert (first.outputs["word"], first.outputs["exit"]) == ("HOLD", "1")
    assert int(first.outputs["violated"]) > 1
    assert "HOLD" in first.summary


def test_the_report_is_kept_whatever_came_out(first: Job, accepted: Job, github: GitHub) -> None:
    kept = {path.name for path in (github.store.artefacts / "gate").iterdir()}

    assert {"verdicts.json", "index.html", "junit.xml", "summary.md", "history.json", "comment.md"} <= kept


def test_what_was_accepted_lets_the_job_pass(accepted: Job) -> None:
    assert accepted.result == "success", accepted.output
    assert (accepted.outputs["word"], accepted.outputs["exit"], accepted.outputs["violated"]) == ("GO", "0", "0")
    assert all(conclusion != "failure" for _, conclusion in accepted.steps)


def test_history_goes_from_run_to_run(accepted: Job, github: GitHub) -> None:
    history = json.loads((github.store.artefacts / "gate" / "history.json").read_text())

    assert [run["exit"] for run in history["runs"]] == [0, 1], "newest first"
    assert [key for key in github.store.saved if key.startswith("gate-history")] == [
        "gate-history-1-1",
        "gate-history-2-1",
    ]


def test_blindness_fails_the_job(github: GitHub, accepted: Job) -> None:
    waived = (github.store.application / "seatrial" / "local.toml").read_text()
    blind = waived.replace('"local"', '"blind"', 1).replace("[application]\n", "")
    commit(github.store.application, {"seatrial/blind.toml": blind})

    job = github.action("", Event(run=3), {**NAMED, "name": "blind", "environment": "blind"}, {})

    assert (job.result, job.outputs["word"], job.outputs["exit"]) == ("failure", "CANNOT SEE", "10")
    assert int(job.outputs["blind"]) > 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"lanes": ""}, "-m is empty"),
        ({"lanes": "nonsense"}, "there is no lane 'nonsense'"),
        ({"app": "apps/web"}, "apps/web: there is no such folder"),
        ({"environment": "$(touch pwned)`touch pwned`"}, "is not known"),
        ({"merge": "nowhere"}, "nowhere"),
    ],
)
def test_what_is_misspelt_fails_the_job_with_a_sentence(given: dict[str, str], said: str, github: GitHub) -> None:
    job = github.action("", Event(run=9), {**NAMED, "name": "other", **given}, {})

    assert (job.result, job.outputs["exit"], job.outputs["word"]) == ("failure", "4", "CANNOT SEE")
    assert said in job.output
    assert "Traceback" not in job.output
    assert not [*HOUSE.glob("pwned"), *github.store.folder.rglob("pwned")]


@pytest.mark.parametrize("name", ["a/b", "a b", "", "$(id)"])
def test_a_name_that_no_artefact_can_have_is_refused(name: str, github: GitHub) -> None:
    job = github.action("", Event(run=9), {**NAMED, "name": name}, {})

    assert job.result == "failure"
    assert "::error title=Seatrial::" in job.output
    assert ("Keep the report", "skipped") in job.steps


def test_both_actions_take_the_same() -> None:
    one, other = read_action(""), read_action(".github/actions/judge")

    assert one["inputs"] == other["inputs"]
    assert one["outputs"].keys() == other["outputs"].keys()
    assert one["runs"]["steps"][0]["with"] == {name: f"${{{{ inputs.{name} }}}}" for name in one["inputs"]}
