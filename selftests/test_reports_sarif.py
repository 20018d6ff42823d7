"""seatrial.sarif: findings in files as code scanning takes them, and nothing that was not seen among the results."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from reports.sarif import file, write_sarif
from reports.verdicts import Report, Verdict, Waived
from selftests.report_readers import telling
from selftests.report_samples import UNSET, one_of_each, report, verdict, violated

MIGRATION = "supabase/migrations/20261105090000_plans.sql"
FLAW = {"path": MIGRATION, "line": 3, "says": "it is refused", "instead": "leave it out"}
LEAK = {
    "where": "supabase/functions/keys.ts",
    "at": ["2:28", "4:2"],
    "kind": "key",
    "fingerprint": "sha256:5",
    "says": "live",
}


def finding(subject: str = f"{MIGRATION}:3", fact: Any = FLAW, **fields: Any) -> Verdict:
    """A broken promise in a file."""
    found: dict[str, Any] = {"subjects": (subject,), "evidence": {"subjects": {subject: fact}}, "message": "wrong"}
    return violated(**found | {"check": "migration_lint", "case": "syntax", "runbook": ("MIG-4",)} | fields)


def written(sample: Report, directory: Path) -> dict[str, Any]:
    """The only run of the file."""
    log = json.loads(write_sarif(telling(sample, directory), directory).read_text("utf-8"))
    [run] = log["runs"]
    return dict(run)


def told(run: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Kind, level and text of each notification."""
    [invocation] = run["invocations"]
    rows = invocation["toolExecutionNotifications"]
    return [(row["descriptor"]["id"], row["level"], row["message"]["text"]) for row in rows]


def test_a_finding_in_a_file(tmp_path: Path) -> None:
    run = written(report(finding()), tmp_path)
    [result] = run["results"]
    [location] = result["locations"]

    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": MIGRATION, "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3},
    }
    assert (result["ruleId"], result["level"], result["suppressions"]) == ("migration_lint", "error", [])
    assert result["message"]["text"] == "it is refused\n\nInstead: leave it out"
    assert result["properties"]["case"] == "migration_lint[syntax]"
    assert run["automationDetails"]["id"] == "seatrial/production/prod-smoke/"
    assert run["columnKind"] == "unicodeCodePoints"


def test_each_place_of_a_leak_is_a_result_with_its_column(tmp_path: Path) -> None:
    run = written(report(finding("a key", LEAK, check="no_secrets", runbook=("SEC-1",))), tmp_path)
    regions = [result["locations"][0]["physicalLocation"]["region"] for result in run["results"]]

    assert regions == [{"startLine": 2, "startColumn": 28}, {"startLine": 4, "startColumn": 2}]
    assert len({result["partialFingerprints"]["seatrialFinding/v1"] for result in run["results"]}) == 2


def test_a_rule_says_what_the_runbook_says(tmp_path: Path) -> None:
    low = finding(case="nothing-done", severity="low")
    run = written(report(low, finding(), finding(check="no_secrets", runbook=("SEC-1",), severity="high")), tmp_path)
    lint, secrets = run["tool"]["driver"]["rules"]

    assert [result["ruleIndex"] for result in run["results"]] == [0, 1, 0]
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning"]
    assert (lint["id"], lint["name"], lint["defaultConfiguration"]) == (
        "migration_lint",
        "MigrationLint",
        {"level": "error"},
    )
    assert lint["shortDescription"]["text"] == "Row-level security is on for every table the API can reach."
    assert "When it is broken: anyone reads every row." in lint["fullDescription"]["text"]
    assert "Contain: revoke all on <table> from anon;" in lint["help"]["text"]
    assert "<pre>revoke all on &lt;table&gt; from anon;</pre>" in lint["help"]["markdown"]
    assert secrets["properties"]["security-severity"] == "7.5"
    assert secrets["properties"]["tags"][0] == "security"


def test_only_security_is_scored_as_security(tmp_path: Path) -> None:
    sample = finding(file="checks/migrations/migration_lint.py")
    [rule] = written(report(sample), tmp_path)["tool"]["driver"]["rules"]

    assert rule["properties"]["tags"] == ["migrations", "MIG-4"]
    assert "security-severity" not in rule["properties"]
    assert rule["properties"]["problem.severity"] == "error"


def test_fingerprints_stay_when_lines_move_and_differ_otherwise(tmp_path: Path) -> None:
    def prints(*verdicts: Verdict) -> list[str]:
        results = written(report(*verdicts), tmp_path)["results"]
        return [result["partialFingerprints"]["seatrialFinding/v1"] for result in results]

    [first] = prints(finding())
    assert prints(finding(f"{MIGRATION}:8", FLAW | {"line": 8}), violated()) == [first]
    others = [finding(case="psql"), finding("x", FLAW), finding(fact=FLAW | {"path": "supabase/seed.sql"})]
    assert first not in prints(*others)
    assert len({*prints(*others)}) == 3


def test_lines_are_known_by_what_stands_there_where_the_checkout_is_known(tmp_path: Path) -> None:
    (tmp_path / MIGRATION).parent.mkdir(parents=True)
    (tmp_path / MIGRATION).write_text(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n")
    past_its_end = finding(fact=FLAW | {"line": 99}, case="far")

    path = write_sarif(telling(report(finding(), past_its_end), tmp_path, checkout=tmp_path), tmp_path)
    results = json.loads(path.read_text("utf-8"))["runs"][0]["results"]

    assert results[0]["partialFingerprints"]["primaryLocationLineHash"] == "ce8ba1a563dcdaca:1"
    assert "primaryLocationLineHash" not in results[1]["partialFingerprints"]


def test_what_is_waived_is_suppressed(tmp_path: Path) -> None:
    waiver = Waived(subjects=("old",), reason="known | `x`", until="2027-01-01")
    both = finding("new", FLAW, subjects=("new",), waiver=waiver,
                   evidence={"subjects": {"new": FLAW, "old": FLAW | {"line": 9}}})  # fmt: skip
    alone = verdict("waived", check="x", subjects=("old",), waiver=waiver, evidence={"subjects": {"old": FLAW}})
    run = written(report(both, alone), tmp_path)

    kinds = [[row["justification"] for row in result["suppressions"]] for result in run["results"]]
    assert kinds == [[], ["accepted until 2027-01-01: known | `x`"], ["accepted until 2027-01-01: known | `x`"]]
    assert [result["properties"]["subject"] for result in run["results"]] == ["new", "old", "old"]


def test_what_was_not_seen_is_no_result(tmp_path: Path) -> None:
    sample = report(*one_of_each(), verdict("blind", case="b", message=UNSET), missing=("gone",))
    run = written(sample, tmp_path)
    [invocation] = run["invocations"]

    assert run["results"] == []
    assert told(run) == [
        ("blind", "warning", f"rls_enabled[b], migration_status[unknown]: {UNSET}"),
        ("crashed", "error", "signup_trigger: KeyError: 'oid'"),
        ("missing", "warning", "no verdict on gone"),
        ("elsewhere", "note", "broken elsewhere than in a file of the application: rls_enabled[environment];"
                              " verdicts.json has them"),
    ]  # fmt: skip
    assert {row["id"] for row in run["tool"]["driver"]["rules"]} == {
        "rls_enabled",
        "migration_status",
        "signup_trigger",
    }
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 1)
    assert (invocation["startTimeUtc"], invocation["endTimeUtc"]) == (
        "2026-11-22T10:00:00.000Z",
        "2026-11-22T10:00:04.230Z",
    )


@pytest.mark.parametrize(
    ("sample", "well"),
    [
        (report(verdict()), True),
        (report(verdict(), finding(), violated()), True),
        (report(verdict(), verdict("blind")), False),
        (report(verdict(), missing=("gone",)), False),
        (report(verdict(), exit=2, reason="interrupted"), False),
        (report(verdict(), replayed=True), False),
    ],
)
def test_a_run_that_saw_everything_went_well_whatever_it_found(sample: Report, well: bool, tmp_path: Path) -> None:
    [invocation] = written(sample, tmp_path)["invocations"]

    assert invocation["executionSuccessful"] is well


def test_links_are_no_links_and_files_are_quoted(tmp_path: Path) -> None:
    fact = {"path": "supabase/migrations/1 é#%.sql", "says": "see [here](http://evil) uuid[]"}
    [result] = written(report(finding("x", fact)), tmp_path)["results"]

    assert "](" not in result["message"]["text"]
    assert result["message"]["text"].endswith("uuid[]")
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "supabase/migrations/1%20%C3%A9%23%25.sql"


def test_names_of_environments_and_lanes_stay_in_their_place(tmp_path: Path) -> None:
    run = written(report(verdict(), environment="a/b c\n", lanes=()), tmp_path)

    assert run["automationDetails"]["id"] == "seatrial/a-b-c-/all-lanes/"


def noise(length: int) -> str:
    return "".join(random.Random(length).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=length))  # noqa: S311 (no secret)


def test_never_more_than_github_keeps_and_the_most_severe_first(tmp_path: Path) -> None:
    low = [finding(case=f"l{number}", severity="low") for number in range(6_000)]
    run = written(report(*low, finding(case="urgent")), tmp_path)

    assert len(run["results"]) == 5_000
    assert run["results"][0]["properties"]["case"] == "migration_lint[urgent]"
    assert told(run)[-1] == ("left-out", "note", "1001 more results did not fit here; verdicts.json has them all")


def test_never_larger_than_github_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "LARGEST", 100_000)
    many = [finding(fact=FLAW | {"says": noise(900 + number)}, case=f"c{number}") for number in range(800)]
    path = write_sarif(telling(report(*many), tmp_path), tmp_path)
    run = json.loads(path.read_bytes())["runs"][0]

    assert 20_000 < len(gzip.compress(path.read_bytes(), 6)) <= 100_000
    assert told(run)[-1][2].startswith(f"{800 - len(run['results'])} more results")


def test_never_larger_for_what_was_not_seen_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "LARGEST", 1_000)
    blind = [verdict("blind", case=f"c{number}", message=f"{number} {noise(900)}") for number in range(1_000)]
    found = told(written(report(*blind, *(finding(case=f"e{number}") for number in range(3))), tmp_path))

    assert len(found) == 202, "200 reasons, how many more, and the results for which there was no room"
    assert found[200][2] == "not seen for 800 more reasons; verdicts.json has them all"
    assert found[201] == ("left-out", "note", "3 more results did not fit here; verdicts.json has them all")


def test_one_text_of_a_million_characters(tmp_path: Path) -> None:
    long = "x" * 1_000_000
    sample = finding(long, FLAW | {"says": long, "instead": long}, message=long, promise=long, means=long)

    path = write_sarif(telling(report(sample, verdict("blind", message=long)), tmp_path), tmp_path)

    assert len(path.read_bytes()) < 30_000
