"""ctrf.json: valid, and told by CTRF's own command line as it was meant."""

import json
from pathlib import Path
from typing import Any

import pytest

from reports.ctrf import write_ctrf
from reports.verdicts import Report
from selftests.report_readers import needs_readers, node, script, telling
from selftests.report_samples import HOSTILE, one_of_each, report, verdict, violated

MIGRATION = "supabase/migrations/20261105090000_plans.sql"
FLAW = {"path": MIGRATION, "line": 3, "says": "it is refused", "instead": "leave it out"}
IN_A_FILE = violated(case="syntax", evidence={"subjects": {"public.invoices": FLAW}})
UNSTEADY = verdict(check="slow", case="", unsteady=True, attempts=3)
ALL = report(*one_of_each(), IN_A_FILE, UNSTEADY, missing=("applied_unchanged[edited-base]",))
VALIDATE = """
const {validate} = require("ctrf"); const fs = require("fs");
const read = validate(JSON.parse(fs.readFileSync(process.argv[1], "utf8")));
console.log(JSON.stringify(read));
"""


def written(sample: Report, directory: Path, **fields: Any) -> dict[str, Any]:
    content = write_ctrf(telling(sample, directory, **fields), directory).read_text("utf-8")
    return dict(json.loads(content))


def tests(document: dict[str, Any]) -> dict[str, Any]:
    return {test["name"]: test for test in document["results"]["tests"]}


def test_counts_and_times(tmp_path: Path) -> None:
    summary = written(ALL, tmp_path)["results"]["summary"]

    assert {name: summary[name] for name in ("tests", "passed", "failed", "skipped", "pending", "other", "flaky")} == {
        "tests": 9, "passed": 2, "failed": 2, "skipped": 2, "pending": 0, "other": 3, "flaky": 1,
    }  # fmt: skip
    assert (summary["start"], summary["duration"], summary["stop"]) == (1795341600000, 4230, 1795341604230)
    assert summary["extra"]["word"] == "HOLD"
    assert (summary["extra"]["missing"], summary["extra"]["blind"]) == (1, 1)


@pytest.mark.parametrize(
    ("case", "status", "raw", "message"),
    [
        ("endpoint_healthy[api]", "passed", "verified", None),
        ("rls_enabled[environment]", "failed", "violated", "row-level security is off"),
        ("migration_status[unknown]", "other", "blind", "DATABASE_URL is not set: export it"),
        ("signup_trigger", "other", "crashed", "KeyError: 'oid'"),
        ("rls_enabled[replayed]", "skipped", "waived", "waived until 2026-12-31: prices are public"),
        ("rollback_candidate[domains]", "skipped", "inapplicable", "no custom domain is declared"),
        (
            "applied_unchanged[edited-base]",
            "other",
            "missing",
            "expected by the lane's manifest, but it reached no verdict",
        ),
    ],
)
def test_outcomes(case: str, status: str, raw: str, message: str | None, tmp_path: Path) -> None:
    test = tests(written(ALL, tmp_path))[case]

    assert (test["status"], test["rawStatus"], test.get("message")) == (status, raw, message)


def test_a_test(tmp_path: Path) -> None:
    found = tests(written(ALL, tmp_path))
    broken, slow = found["rls_enabled[environment]"], found["slow"]

    assert (broken["start"], broken["stop"], broken["duration"]) == (1795341601000, 1795341601012, 12)
    assert broken["suite"] == ["checks", "row_security"]
    assert broken["trace"] == "public.invoices\npublic.plans"
    assert broken["tags"] == ["pre-deploy", "prod-smoke", "RLS-1"]
    assert broken["extra"]["contain"] == "revoke all on <table> from anon;"
    assert (broken["filePath"], broken["line"]) == ("checks/row_security/rls_enabled.py", 7)
    assert (found["rls_enabled[syntax]"]["filePath"], found["rls_enabled[syntax]"]["line"]) == (MIGRATION, 3)
    assert (slow["status"], slow["flaky"], slow["retries"]) == ("passed", True, 2)
    assert "flaky" not in broken


def test_where_and_of_what(tmp_path: Path) -> None:
    document = written(report(verdict(), notes=("n1",), reason="cut"), tmp_path, url="https://ci.example/1")
    environment = document["results"]["environment"]

    assert (environment["testEnvironment"], environment["commit"], environment["healthy"]) == (
        "production",
        "0123abc",
        True,
    )
    assert environment["buildUrl"] == "https://ci.example/1"
    assert environment["extra"]["notes"] == ["cut", "n1"]
    assert "commit" not in written(report(verdict("blind"), commit=None), tmp_path)["results"]["environment"]
    assert document["reportId"] == written(report(violated()), tmp_path)["reportId"], "one run has one id"
    assert document["reportId"] != written(report(violated(), environment="staging"), tmp_path)["reportId"]


def test_many_subjects_and_long_texts_are_cut(tmp_path: Path) -> None:
    many = tuple(f"public.t{number}" for number in range(1_000))
    [test] = written(report(violated(subjects=many, message="x" * 1_000_000)), tmp_path)["results"]["tests"]

    assert test["trace"].endswith("public.t49\nand 950 more, see verdicts.json")
    assert len(test["message"]) == 2_000


def hostile() -> Report:
    texts: dict[str, Any] = dict.fromkeys(("message", "promise", "means", "confirm", "contain", "fix", "case"), HOSTILE)
    sample = violated(subjects=(HOSTILE,), runbook=(HOSTILE,), lanes=(HOSTILE,), file=HOSTILE, **texts)
    run: dict[str, Any] = {
        "environment": HOSTILE,
        "commit": HOSTILE,
        "notes": (HOSTILE,),
        "versions": {HOSTILE: HOSTILE},
    }
    return report(sample, verdict("blind", message=HOSTILE), missing=(HOSTILE, ""), **run)


def test_hostile_texts_steer_nothing(tmp_path: Path) -> None:
    text = write_ctrf(telling(hostile(), tmp_path), tmp_path).read_text("utf-8")

    assert not {*"\x00\x1b\x9b\x07\u202e"} & {*text}
    assert "\\u001b" not in text
    assert "\\ud800" not in text


# --- as its readers see it


@needs_readers
@pytest.mark.parametrize(
    "sample", [ALL, hostile(), report(verdict()), report()], ids=["all", "hostile", "green", "empty"]
)
def test_it_is_what_the_library_of_the_format_accepts(sample: Report, tmp_path: Path) -> None:
    path = write_ctrf(telling(sample, tmp_path), tmp_path)

    assert script(VALIDATE, str(path))["valid"] is True


@needs_readers
def test_the_library_does_complain(tmp_path: Path) -> None:
    path = write_ctrf(telling(ALL, tmp_path), tmp_path)
    path.write_text(path.read_text().replace('"other",', '"blind",'))

    assert script(VALIDATE, str(path))["valid"] is False


def told_by_github_actions_ctrf(sample: Report, directory: Path, *report_kinds: str) -> tuple[str, str]:
    """The step summary that it writes, and what it prints."""
    path, step = write_ctrf(telling(sample, directory), directory), directory / "step.md"
    step.write_text("")
    known = {"GITHUB_STEP_SUMMARY": str(step), "GITHUB_REPOSITORY": "ocean/ocean", "GITHUB_RUN_ID": "1"}
    printed = ""
    for kind in report_kinds:
        ended = node("github-actions-ctrf", kind, str(path), cwd=directory, **known)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        printed += ended.stdout
    return step.read_text("utf-8"), printed


@needs_readers
def test_github_actions_ctrf_counts_as_we_do(tmp_path: Path) -> None:
    step, printed = told_by_github_actions_ctrf(ALL, tmp_path, "summary", "flaky", "skipped")

    assert "| 9 | 2 | 2 | 2 | 0 | 3 | 1 | 4.2s |" in step
    assert "slow" in step
    assert step.count("other ❓") == 3
    assert step.count("skipped ⏭️") == 2
    assert f"file={MIGRATION},line=3" in printed


@needs_readers
def test_github_actions_ctrf_survives_hostile_texts(tmp_path: Path) -> None:
    step, _ = told_by_github_actions_ctrf(hostile(), tmp_path, "tests")

    assert "abredevil" in step
