"""junit.xml: what Jenkins's strict reader demands, with what GitLab and others take from it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from junitparser import JUnitXml, TestCase

from reports.junit import write_junit
from reports.verdicts import Report
from selftests.report_readers import needs_readers, node, telling
from selftests.report_samples import HOSTILE, one_of_each, report, verdict, violated

ALL = report(*one_of_each(), missing=("applied_unchanged[edited-base]",))
MIGRATION = "supabase/migrations/20261105090000_plans.sql"
FLAW = {"path": MIGRATION, "line": 3, "says": "it is refused"}
IN_A_FILE = violated(case="syntax", evidence={"subjects": {"public.invoices": FLAW}})


def cases_of(sample: Report, directory: Path) -> dict[str, TestCase]:
    document = JUnitXml.fromfile(str(write_junit(telling(sample, directory), directory, {})))
    return {str(case.name): case for suite in document for case in suite}


def element(sample: Report, directory: Path, variables: dict[str, str]) -> Any:
    path = write_junit(telling(sample, directory), directory, variables)
    return ElementTree.parse(path).getroot()  # noqa: S314 (our own file)


def test_counts_agree(tmp_path: Path) -> None:
    document = JUnitXml.fromfile(str(write_junit(telling(ALL, tmp_path), tmp_path)))
    suites = {suite.name: (suite.tests, suite.failures, suite.errors, suite.skipped) for suite in document}

    assert (document.tests, document.failures, document.errors) == (7, 1, 3)
    assert suites == {"health": (1, 0, 0, 0), "row_security": (5, 1, 2, 2), "missing": (1, 0, 1, 0)}


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
def test_outcomes(case: str, tag: str, kind: str, message: str, tmp_path: Path) -> None:
    [result] = cases_of(ALL, tmp_path)[case].result

    assert (str(result._tag), result.type) == (tag, kind)
    assert str(result.message).startswith(message)


def test_a_case(tmp_path: Path) -> None:
    cases = cases_of(ALL, tmp_path)
    case = cases["rls_enabled[environment]"]

    assert cases["endpoint_healthy[api]"].is_passed
    assert (case.classname, case.time) == ("checks.row_security.rls_enabled", 0.013)
    assert str(case.system_out).splitlines() == [
        "[[PROPERTY|severity=critical]]", "[[PROPERTY|outcome=violated]]", "[[PROPERTY|runbook=RLS-1]]",
        "[[PROPERTY|lane=pre-deploy]]", "[[PROPERTY|lane=prod-smoke]]",
    ]  # fmt: skip
    assert "- public.invoices" in case.result[0].text
    assert "Contain: revoke all on <table> from anon;" in case.result[0].text


def test_unsteady_is_passed_and_says_so(tmp_path: Path) -> None:
    [case] = cases_of(report(verdict(unsteady=True, attempts=3)), tmp_path).values()

    assert case.is_passed
    assert "[[PROPERTY|unsteady=3 attempts]]" in str(case.system_out)


def test_gitlab_is_told_the_file_and_nobody_else(tmp_path: Path) -> None:
    """It links to it, so it must be one of the application's: a check's own file would be a dead link."""
    sample = report(IN_A_FILE, violated())
    files = [row.get("file") for row in element(sample, tmp_path, {"GITLAB_CI": "true"}).iter("testcase")]
    elsewhere = [row.get("file") for row in element(sample, tmp_path, {}).iter("testcase")]

    assert files == [f"{MIGRATION}#L3", None]
    assert elsewhere == [None, None]


def test_hostile_texts_come_through(tmp_path: Path) -> None:
    cases = cases_of(report(violated(message=HOSTILE, subjects=(HOSTILE,)), missing=(HOSTILE,)), tmp_path)
    [result] = cases["rls_enabled[environment]"].result

    assert result.message == "abredevil\ufffd <script>|`x`| @octocat #1 [l](http://x) ]]>\n::error::boo"


# --- the schema junit-10.xsd, as Jenkins's xUnit plugin has it: element -> attributes (! required), children

TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")
RESULT = ({"type", "message"}, set[str]())
SCHEMA: dict[str, tuple[set[str], set[str]]] = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name!", "tests!", "failures!", "errors!", "group", "time", "skipped", "timestamp", "hostname", "id",
         "package", "file", "log", "url"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name!", "time", "classname", "group"},
        {"skipped", "error", "failure", "system-out", "system-err", "rerunFailure", "flakyFailure"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name!", "value!"}, set()),
    **dict.fromkeys(("skipped", "error", "failure"), RESULT),
    "system-out": (set(), set()),
}  # fmt: skip


def complaints(node: Any) -> Iterator[str]:
    """What the schema does not allow."""
    attributes, children = SCHEMA[node.tag]
    required = {name.rstrip("!") for name in attributes if name.endswith("!")}
    allowed = {name.rstrip("!") for name in attributes}
    yield from (f"{node.tag}@{name}" for name in {*node.keys()} - allowed)
    yield from (f"{node.tag} lacks @{name}" for name in required - {*node.keys()})
    if node.tag != "testcase" and "time" in node.keys() and not TIME.fullmatch(node.get("time")):  # noqa: SIM118 (no dict)
        yield f"{node.tag}@time={node.get('time')}"
    for child in node:
        yield from [] if child.tag in children else [f"{node.tag}/{child.tag}"]
        yield from complaints(child) if child.tag in children else []


def hostile() -> Report:
    texts: dict[str, Any] = dict.fromkeys(("message", "promise", "contain", "fix", "case"), HOSTILE)
    sample = violated(subjects=(HOSTILE,), runbook=(HOSTILE,), lanes=(HOSTILE,), observed_ms=0.00001, **texts)
    return report(sample, verdict("blind", message=HOSTILE), missing=(HOSTILE,), environment=HOSTILE, commit=HOSTILE)


@pytest.mark.parametrize(
    "sample", [ALL, hostile(), report(IN_A_FILE), report()], ids=["all", "hostile", "file", "empty"]
)
def test_it_is_what_jenkins_xunit_plugin_accepts(sample: Report, tmp_path: Path) -> None:
    assert list(complaints(element(sample, tmp_path, {}))) == []


def test_the_schema_does_complain(tmp_path: Path) -> None:
    root = element(ALL, tmp_path, {})
    root.set("skipped", "1")
    next(root.iter("testcase")).append(ElementTree.Element("properties"))
    next(root.iter("testsuite")).set("time", "1e-05")

    found = list(complaints(root))

    assert found == ["testsuites@skipped", "testsuite@time=1e-05", "testcase/properties"]


@needs_readers
def test_junit_to_ctrf_reads_it(tmp_path: Path) -> None:
    write_junit(telling(ALL, tmp_path), tmp_path, {"GITLAB_CI": "true"})

    ended = node("junit-to-ctrf", "junit.xml", "-o", "read.json", cwd=tmp_path)

    assert ended.returncode == 0, ended.stderr
    summary = json.loads((tmp_path / "read.json").read_text())["results"]["summary"]
    assert (summary["tests"], summary["passed"], summary["failed"], summary["skipped"]) == (7, 1, 4, 2)
