"""allure-results/: told as Allure tells it, and rendered by Allure 3 with our counts, categories and history."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from reports.allure import write_allure
from reports.verdicts import Report
from selftests.report_readers import needs_readers, node
from selftests.report_samples import HOSTILE, UNSET, one_of_each, report, verdict, violated

ALL = report(*one_of_each(), missing=("applied_unchanged[edited-base]",))


def results_of(sample: Report, directory: Path) -> dict[str, Any]:
    files = write_allure(sample, directory).glob("*-result.json")
    results = [json.loads(file.read_text("utf-8")) for file in files]
    return {result["name"]: result for result in results}


@pytest.mark.parametrize(
    ("case", "status", "message"),
    [
        ("endpoint_healthy[api]", "passed", None),
        ("rls_enabled[environment]", "failed", "violated: row-level security is off"),
        ("migration_status[unknown]", "broken", "blind: DATABASE_URL is not set: export it"),
        ("signup_trigger", "broken", "crashed: KeyError: 'oid'"),
        ("rls_enabled[replayed]", "skipped", "waived: until 2026-12-31, prices are public"),
        ("rollback_candidate[domains]", "skipped", "inapplicable: no custom domain is declared"),
        ("applied_unchanged[edited-base]", "broken", "missing: expected by the lane's manifest"),
    ],
)
def test_outcomes(case: str, status: str, message: str | None, tmp_path: Path) -> None:
    result = results_of(ALL, tmp_path)[case]

    assert result["status"] == status
    assert result.get("statusDetails", {}).get("message", "").startswith(message or "")
    assert ("statusDetails" in result) == (message is not None)


def test_a_result(tmp_path: Path) -> None:
    result = results_of(ALL, tmp_path)["rls_enabled[environment]"]
    labels = [(label["name"], label["value"]) for label in result["labels"]]

    assert labels[:3] == [("severity", "critical"), ("parentSuite", "row_security"), ("suite", "rls_enabled")]
    assert labels[3:] == [("tag", "pre-deploy"), ("tag", "prod-smoke"), ("tag", "RLS-1")]
    assert result["description"].startswith("Row-level security is on for every table")
    assert "Fix: alter table" in result["description"]
    assert (result["start"], result["stop"]) == (1795341601000, 1795341601012)
    assert result["statusDetails"]["trace"] == "public.invoices\npublic.plans"


def test_history_is_of_a_case_in_an_environment(tmp_path: Path) -> None:
    first = results_of(ALL, tmp_path / "1")["signup_trigger"]
    again = results_of(report(verdict(check="signup_trigger", case="")), tmp_path / "2")["signup_trigger"]
    elsewhere = results_of(report(*one_of_each(), environment="staging"), tmp_path / "3")["signup_trigger"]

    assert first["historyId"] == again["historyId"] != elsewhere["historyId"]
    assert first["testCaseId"] == elsewhere["testCaseId"]
    assert first["uuid"] != again["uuid"]
    assert first["parameters"] != elsewhere["parameters"]


def test_the_run_before_is_forgotten_and_nothing_else(tmp_path: Path) -> None:
    folder = write_allure(ALL, tmp_path)
    (folder / "history").mkdir()
    (folder / "executor.json").write_text("{}")

    assert [*results_of(report(verdict()), tmp_path)] == ["rls_enabled[environment]"]
    assert (folder / "history").is_dir()
    assert (folder / "executor.json").is_file()


def test_environment_and_categories(tmp_path: Path) -> None:
    folder = write_allure(report(verdict(), versions={"Postgres server": "15 \\ Zürich 🐘\nx=y"}), tmp_path)
    lines = (folder / "environment.properties").read_text("ascii").splitlines()
    categories = json.loads((folder / "categories.json").read_text())

    assert lines[:3] == ["environment=production", "kind=production", "lanes=prod-smoke"]
    assert lines[4] == r"Postgres\ server=15 \\ Z\u00fcrich \ud83d\udc18 x=y"
    assert {row["name"]: row["matchedStatuses"][0] for row in categories} == {
        "violated": "failed", "blind": "broken", "crashed": "broken", "missing": "broken",
        "waived": "skipped", "inapplicable": "skipped",
    }  # fmt: skip
    for row in categories:  # Allure 2 wants all of the message to match, Allure 3 a part of it
        assert re.fullmatch(row["messageRegex"], f"{row['name']}: one line\nand another")


# --- as Allure 3 renders it


def generated(directory: Path, *samples: Report) -> dict[str, Any]:
    """The widgets of the report that `allure generate` makes of runs, one after the other, keeping their history."""
    for sample in samples:
        write_allure(sample, directory)
        ended = node("allure", "generate", cwd=directory)
        assert ended.returncode == 0, ended.stdout + ended.stderr
    widgets = directory / "allure-report" / "widgets"
    return {path.stem: json.loads(path.read_text("utf-8")) for path in widgets.glob("*.json")}


@needs_readers
def test_allure_counts_and_sorts_as_we_do(tmp_path: Path) -> None:
    more = (
        verdict(check="slow", unsteady=True, attempts=3),
        verdict("blind", case="b", message=f"{UNSET}\nsecond line"),
    )
    sample = report(*one_of_each(), *more, missing=("applied_unchanged[edited-base]",))
    widgets = generated(tmp_path, sample)
    found = widgets["categories"]

    assert widgets["statistic"] == {
        "total": 9,
        "passed": 2,
        "failed": 1,
        "broken": 4,
        "skipped": 2,
        "flaky": 1,
        "new": 9,
    }
    assert {found["nodes"][root]["name"]: found["nodes"][root]["statistic"]["total"] for root in found["roots"]} == {
        "violated": 1, "blind": 2, "crashed": 1, "missing": 1, "waived": 1, "inapplicable": 1,
    }  # fmt: skip
    assert {"name": "environment", "values": ["production"]} in widgets["allure_environment"]
    groups = widgets["tree"]["groupsById"].values()
    assert {"row_security", "health", "missing"} <= {group["name"] for group in groups}


@needs_readers
def test_allure_keeps_a_history_for_each_environment(tmp_path: Path) -> None:
    generated(tmp_path, report(verdict()), report(violated()), report(verdict(), environment="staging"))

    points = [json.loads(line) for line in (tmp_path / "allure-history.jsonl").read_text().splitlines()]
    first, second, third = ({*point["testResults"]} for point in points)
    assert first == second
    assert not first & third


@needs_readers
def test_allure_survives_hostile_texts(tmp_path: Path) -> None:
    texts: dict[str, Any] = dict.fromkeys(("message", "promise", "contain", "fix", "case"), HOSTILE)
    sample = report(
        violated(subjects=(HOSTILE,), **texts), missing=(HOSTILE,), environment=HOSTILE, versions={HOSTILE: "1"}
    )

    assert generated(tmp_path, sample)["statistic"] == {"total": 2, "failed": 1, "broken": 1, "new": 2}
