"""seatrial.sarif as its readers see it: the published schema, and Microsoft's validator with GitHub's rules."""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it has no types
import pytest

from reports.sarif import write_sarif
from reports.verdicts import Report, Waived
from selftests.report_readers import SARIF_SCHEMA, needs_sarif_validator, telling, validated
from selftests.report_samples import HOSTILE, one_of_each, report, verdict
from selftests.test_reports_sarif import FLAW, LEAK, finding


def everything() -> Report:
    """All there is in one file, with hostile texts wherever there is a text."""
    waiver = Waived(subjects=(HOSTILE,), reason=HOSTILE, until="2027-01-01")
    hostile: dict[str, Any] = dict.fromkeys(
        ("message", "promise", "means", "confirm", "contain", "fix", "case"), HOSTILE
    )
    fact = FLAW | {"says": HOSTILE, "instead": HOSTILE}
    return report(
        *one_of_each(), finding(), finding("a key", LEAK, check="no_secrets", runbook=("SEC-1",)),
        finding(HOSTILE, fact, check="hostile", runbook=(HOSTILE,), **hostile),
        finding(HOSTILE, fact, check="hostile", waiver=waiver),
        verdict("blind", message=HOSTILE), missing=(HOSTILE,), notes=(HOSTILE,), reason=HOSTILE, environment=HOSTILE,
    )  # fmt: skip


@needs_sarif_validator
@pytest.mark.parametrize("sample", [everything(), report(verdict()), report()], ids=["all", "green", "empty"])
def test_it_is_what_the_schema_describes(sample: Report, tmp_path: Path) -> None:
    log = json.loads(write_sarif(telling(sample, tmp_path), tmp_path).read_text("utf-8"))
    schema = json.loads(SARIF_SCHEMA.read_text("utf-8-sig"))

    jsonschema.validators.validator_for(schema)(schema).validate(log)


@needs_sarif_validator
@pytest.mark.parametrize("sample", [everything(), report(verdict())], ids=["all", "green"])
def test_microsofts_validator_with_githubs_rules_has_no_complaint(sample: Report, tmp_path: Path) -> None:
    path = write_sarif(telling(sample, tmp_path), tmp_path)

    # informationUri: there is no address of ours to give.
    assert [row for row in validated(path) if row[0] != "SARIF2005"] == []


@needs_sarif_validator
def test_the_validator_does_complain(tmp_path: Path) -> None:
    path = write_sarif(telling(report(finding()), tmp_path), tmp_path)
    log = json.loads(path.read_bytes())
    del log["runs"][0]["results"][0]["locations"]
    path.write_text(json.dumps(log))

    assert {"GH1015", "GH1017"} <= {rule for rule, _ in validated(path)}
