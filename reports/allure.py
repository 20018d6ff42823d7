"""``allure-results/``, for the Allure report: one result file a verdict, in the format of allure-python-commons.

violated is failed; blind, crashed and missing are broken; waived and inapplicable are skipped. Beside the folder stands
``allurerc.json``, from which Allure 3 takes our categories when it is started there: ``npx allure generate``.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from reports.atomic_file import replace_file
from reports.plain_text import cut, encodable, listed, one_line, printable
from reports.verdicts import Outcome, Report, Run, Severity, Verdict

if TYPE_CHECKING:
    from allure_commons.model2 import Label, StatusDetails, TestResult

NAME = "allure-results"
CONFIGURATION = "allurerc.json"
LONGEST = 10_000  # characters of a message
SUBJECTS = 200  # of one result
OURS = ("*-result.json", "*-container.json", "environment.properties", "categories.json")
STATUS: dict[Outcome, str] = {
    "verified": "passed",
    "violated": "failed",
    "blind": "broken",
    "crashed": "broken",
    "waived": "skipped",
    "inapplicable": "skipped",
}
SEVERITY: dict[Severity, str] = {"critical": "critical", "high": "normal", "low": "minor"}
MISSING = "missing: expected by the lane's manifest, but it reached no verdict"


def write_allure(report: Report, directory: Path) -> Path:
    """Write ``allure-results/`` after removing what an earlier run left there, and ``allurerc.json`` beside it.

    Raises:
        OSError: the directory cannot be written to.
    """
    from allure_commons.logger import AllureFileLogger  # 40 ms that only a run that gets this far pays

    folder = directory / NAME
    _empty(folder)
    logger = cast(Any, AllureFileLogger)(folder)  # it has no annotations
    for result in _results(report):
        logger.report_result(result)
    replace_file(folder / "environment.properties", _environment(report.run).encode())
    replace_file(folder / "categories.json", json.dumps(_categories(), indent=2).encode())
    replace_file(directory / CONFIGURATION, json.dumps(_configuration(report.run), indent=2).encode())
    return folder


def _empty(folder: Path) -> None:
    """Remove results only: a report's history may lie in the same folder."""
    for pattern in OURS:
        for path in folder.glob(pattern):
            path.unlink()


def _results(report: Report) -> "Iterator[TestResult]":
    for verdict in report.verdicts:
        yield _result(verdict, report.run)
    for identifier in report.missing:
        yield _missing(identifier, report.run)


def _result(verdict: Verdict, run: Run) -> "TestResult":
    result = _named(verdict.id, f"checks.{verdict.family}.{verdict.id}", run)
    result.status = STATUS[verdict.outcome]
    result.statusDetails = _details(verdict)
    result.description = printable(_description(verdict))
    result.titlePath = ["checks", verdict.family, verdict.check]
    result.labels = list(_labels(verdict))
    result.start = _milliseconds(verdict.began or run.started)
    result.stop = result.start + round(verdict.observed_ms)
    return result


def _missing(identifier: str, run: Run) -> "TestResult":
    from allure_commons.model2 import Label, StatusDetails

    result = _named(identifier, f"missing.{identifier}", run)
    result.status, result.statusDetails = "broken", StatusDetails(message=MISSING)
    result.labels = [Label("parentSuite", "missing"), Label("suite", printable(identifier.partition("[")[0]))]
    result.start = result.stop = _milliseconds(run.started)
    return result


def _named(identifier: str, full_name: str, run: Run) -> "TestResult":
    from allure_commons.model2 import Parameter, TestResult

    return TestResult(
        uuid=str(uuid.uuid4()),
        name=printable(identifier),
        fullName=printable(full_name),
        testCaseId=_digest(identifier),
        # A case has one history in each environment: Allure 2 goes by this id, Allure 3 by full name and parameters.
        historyId=_digest(identifier, run.environment),
        parameters=[Parameter("environment", printable(run.environment))],
        stage="finished",
    )


def _details(verdict: Verdict) -> "StatusDetails | None":
    from allure_commons.model2 import StatusDetails

    if verdict.outcome == "verified":
        return StatusDetails(flaky=True) if verdict.unsteady else None
    # The outcome comes first: categories.json sorts blind from crashed by it.
    message = f"{verdict.outcome}: {_reason(verdict)}"
    trace = "\n".join(listed(verdict.subjects, SUBJECTS))
    return StatusDetails(message=cut(printable(message), LONGEST), trace=trace)


def _reason(verdict: Verdict) -> str:
    if verdict.outcome == "waived" and verdict.waiver:
        return f"until {verdict.waiver.until}, {verdict.waiver.reason}"
    return verdict.message


def _description(verdict: Verdict) -> str:
    steps = (("Means", verdict.means), ("Confirm", verdict.confirm), ("Contain", verdict.contain), ("Fix", verdict.fix))
    return "\n\n".join([verdict.promise, *(f"{name}: {text}" for name, text in steps if text)])


def _labels(verdict: Verdict) -> "Iterator[Label]":
    from allure_commons.model2 import Label

    yield Label("severity", SEVERITY[verdict.severity])
    yield Label("parentSuite", verdict.family)
    yield Label("suite", verdict.check)
    for tag in (*verdict.lanes, *verdict.runbook):
        yield Label("tag", tag)


def _environment(run: Run) -> str:
    rows = {"environment": run.environment, "kind": run.kind, "lanes": " ".join(run.lanes), "commit": run.commit or ""}
    rows |= run.versions
    return "".join(f"{_property(key, '=: ')}={_property(value)}\n" for key, value in rows.items())


def _property(text: str, special: str = "") -> str:
    """One key or value of a Java properties file: ASCII on one line, the rest as UTF-16 escapes."""
    line = " ".join(text.split()).replace("\\", "\\\\")
    for sign in special:
        line = line.replace(sign, f"\\{sign}")
    units = encodable(line).encode("utf-16-be")
    codes = [int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2)]
    return "".join(chr(code) if 0x20 <= code < 0x7F else f"\\u{code:04x}" for code in codes)


def _categories() -> list[dict[str, object]]:
    """The outcomes as Allure's categories, told apart by the first word of the message."""
    return [
        # No inline flags: Allure 2 reads this as a regular expression of Java's, Allure 3 as one of JavaScript's.
        {"name": name, "matchedStatuses": [status], "messageRegex": rf"{name}: [\s\S]*"}
        for name, status in [*STATUS.items(), ("missing", "broken")]
        if status != "passed"
    ]


def _configuration(run: Run) -> dict[str, object]:
    """What Allure 3 reads where it is started: it does not look at categories.json."""
    name = f"Seatrial: {' '.join(run.lanes) or 'all lanes'} on {one_line(run.environment, 100)}"
    return {
        "name": name,
        "output": "allure-report",
        "historyPath": "allure-history.jsonl",
        "appendHistory": True,
        "categories": _categories(),
        "plugins": {"awesome": {"options": {"groupBy": ["parentSuite", "suite"]}}},
    }


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(map(encodable, parts)).encode()).hexdigest()[:32]


def _milliseconds(instant: str) -> int:
    return round(datetime.fromisoformat(instant).timestamp() * 1000)
