"""junit.xml and allure-results/, read as other tools read them."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from junitparser import JUnitXml, TestCase

from reports.allure import write_allure
from reports.json_file import write_json
from reports.junit import write_junit
from reports.summary import write_summary
from reports.verdicts import Report
from selftests.report_samples import HOSTILE, one_of_each, report, verdict, violated

ALL = report(*one_of_each(), missing=("applied_unchanged[edited-base]",))
Writer = Callable[[Report, Path], Path]


def junit_cases(sample: Report, directory: Path) -> dict[str, TestCase]:
    document = JUnitXml.fromfile(str(write_junit(sample, directory)))
    return {str(case.name): case for suite in document for case in suite}


def allure_results(sample: Report, directory: Path) -> dict[str, Any]:
    files = write_allure(sample, directory).glob("*-result.json")
    results = [json.loads(file.read_text("utf-8")) for file in files]
    return {result["name"]: result for result in results}


def test_junit_counts_agree(tmp_path: Path) -> None:
    document = JUnitXml.fromfile(str(write_junit(ALL, tmp_path)))
    suites = {suite.name: len(suite) for suite in document}

    assert (document.tests, document.failures, document.errors, document.skipped) == (7, 1, 3, 2)
    assert suites == {"health": 1, "row_security": 5, "missing": 1}


@pytest.mark.parametrize(
    ("case", "tag", "kind", "message"),
    [
        ("rls_enabled[environment]", "failure", "violated", "row-level security is off"),
        ("migration_status[unknown]", "error", "blind", "DATABASE_URL is not set: export it"),
        ("signup_trigger", "error", "crashed", "KeyError: 'oid'"),
        ("rls_enabled[replayed]", "skipped", "waived", "waived until 2026-12-31: prices are public"),
        ("rollback_candidate[domains]", "skipped", "inapplicable", "no custom domain is declared"),
        ("applied_unchanged[edited-base]", "error", "missing", "expected by the lane's manifest"),
    ],
)
def test_junit_tells_the_outcomes_apart(case: str, tag: str, kind: str, message: str, tmp_path: Path) -> None:
    [result] = junit_cases(ALL, tmp_path)[case].result

    assert (str(result._tag), result.type) == (tag, kind)
    assert str(result.message).startswith(message)


def test_junit_case(tmp_path: Path) -> None:
    cases = junit_cases(ALL, tmp_path)
    case = cases["rls_enabled[environment]"]
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()  # noqa: S314 (our own file)
    properties = root.iterfind(".//testcase[@name='rls_enabled[environment]']/properties/property")

    assert cases["endpoint_healthy[api]"].is_passed
    assert (case.classname, case.time) == ("checks.row_security.rls_enabled", 0.0125)
    assert Counter(f"{row.get('name')}={row.get('value')}" for row in properties) == Counter(
        ["severity=critical", "outcome=violated", "runbook=RLS-1", "lane=pre-deploy", "lane=prod-smoke"]
    )
    assert "- public.invoices" in case.result[0].text
    assert "Contain: revoke all on <table> from anon;" in case.result[0].text


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
def test_allure_tells_the_outcomes_apart(case: str, status: str, message: str | None, tmp_path: Path) -> None:
    result = allure_results(ALL, tmp_path)[case]

    assert result["status"] == status
    assert result.get("statusDetails", {}).get("message", "").startswith(message or "")
    assert ("statusDetails" in result) == (message is not None)


def test_allure_result(tmp_path: Path) -> None:
    result = allure_results(ALL, tmp_path)["rls_enabled[environment]"]
    labels = [(label["name"], label["value"]) for label in result["labels"]]

    assert labels[:3] == [("severity", "critical"), ("parentSuite", "row_security"), ("suite", "rls_enabled")]
    assert labels[3:] == [("tag", "pre-deploy"), ("tag", "prod-smoke"), ("tag", "RLS-1")]
    assert result["description"].startswith("Row-level security is on for every table")
    assert "Fix: alter table" in result["description"]
    assert (result["start"], result["stop"]) == (1795341601000, 1795341601012)
    assert result["statusDetails"]["trace"] == "public.invoices\npublic.plans"


def test_allure_history_is_of_a_case_in_an_environment(tmp_path: Path) -> None:
    first = allure_results(ALL, tmp_path / "1")["signup_trigger"]
    again = allure_results(report(verdict(check="signup_trigger", case="")), tmp_path / "2")["signup_trigger"]
    elsewhere = allure_results(report(*one_of_each(), environment="staging"), tmp_path / "3")["signup_trigger"]

    assert first["historyId"] == again["historyId"] != elsewhere["historyId"]
    assert first["testCaseId"] == elsewhere["testCaseId"]
    assert first["uuid"] != again["uuid"]


def test_allure_forgets_the_run_before_and_nothing_else(tmp_path: Path) -> None:
    folder = write_allure(ALL, tmp_path)
    (folder / "history").mkdir()
    (folder / "executor.json").write_text("{}")

    assert [*allure_results(report(verdict()), tmp_path)] == ["rls_enabled[environment]"]
    assert (folder / "history").is_dir()
    assert (folder / "executor.json").is_file()


def test_allure_environment_and_categories(tmp_path: Path) -> None:
    folder = write_allure(report(verdict(), versions={"Postgres server": "15 \\ Zürich 🐘\nx=y"}), tmp_path)
    lines = (folder / "environment.properties").read_text("ascii").splitlines()
    categories = json.loads((folder / "categories.json").read_text())

    assert lines[:3] == ["environment=production", "kind=production", "lanes=prod-smoke"]
    assert lines[4] == r"Postgres\ server=15 \\ Z\u00fcrich \ud83d\udc18 x=y"
    assert {row["name"]: row["matchedStatuses"][0] for row in categories} == {
        "violated": "failed", "blind": "broken", "crashed": "broken", "missing": "broken",
        "waived": "skipped", "inapplicable": "skipped",
    }  # fmt: skip


@pytest.mark.parametrize("write", [write_json, write_junit, write_allure, write_summary])
def test_hostile_texts_are_written_and_read(write: Writer, tmp_path: Path) -> None:
    hostile = violated(message=HOSTILE, case=HOSTILE, subjects=(HOSTILE,), contain=HOSTILE, promise=HOSTILE)
    written = write(report(hostile, missing=(HOSTILE,), notes=(HOSTILE,), commit=HOSTILE), tmp_path)
    texts = [path.read_text("utf-8") for path in [written, *written.rglob("*")] if path.is_file()]

    assert texts
    for text in texts:
        assert not {*"\x00\x1b\x9b\x07"} & {*text}


def test_junit_survives_hostile_texts(tmp_path: Path) -> None:
    cases = junit_cases(report(violated(message=HOSTILE, subjects=(HOSTILE,)), missing=(HOSTILE,)), tmp_path)
    [result] = cases["rls_enabled[environment]"].result

    assert result.message == "abredevil\ufffd <script>|`x`| @octocat #1 [l](http://x) ]]>\n::error::boo"


@pytest.mark.parametrize("write", [write_json, write_junit, write_allure, write_summary])
def test_a_directory_that_cannot_be_made_is_an_error(write: Writer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(OSError):
        write(ALL, tmp_path / "file")
