"""``ctrf.json``, the Common Test Report Format: one test a verdict, and one for each case without any.

violated is failed; blind, crashed and missing are other; waived and inapplicable are skipped. `rawStatus` has our word.
"""

import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from reports.atomic_file import replace_file
from reports.places import Place, places
from reports.plain_text import cut, encodable, listed, one_line, printable
from reports.telling import Telling
from reports.verdicts import Outcome, Report, Run, Verdict

NAME = "ctrf.json"
SPECIFICATION = "0.0.0"
OTHER = "other"
STATUS: dict[Outcome, str] = {
    "verified": "passed",
    "violated": "failed",
    "blind": OTHER,
    "crashed": OTHER,
    "waived": "skipped",
    "inapplicable": "skipped",
}
MISSING = "expected by the lane's manifest, but it reached no verdict"
SUBJECTS = 50  # of one test
LONGEST = 2_000  # characters of one text


def write_ctrf(telling: Telling, directory: Path) -> Path:
    """Write ``ctrf.json``.

    Raises:
        OSError: the directory cannot be written to.
    """
    content = msgspec.json.format(msgspec.json.encode(_printable(_document(telling))), indent=2)
    return replace_file(directory / NAME, content + b"\n")


def _document(telling: Telling) -> dict[str, Any]:
    report, run = telling.report, telling.report.run
    begin = _milliseconds(run.started)
    tests = [_test(verdict, telling.checkout, begin) for verdict in report.verdicts]
    tests += [_missing(case, begin) for case in report.missing]
    return {
        "reportFormat": "CTRF",
        "specVersion": SPECIFICATION,
        "reportId": _identity(run),
        "timestamp": run.started,
        "generatedBy": f"Seatrial {run.versions.get('seatrial', '')}".strip(),
        "results": {
            "tool": {"name": "Seatrial", "version": run.versions.get("seatrial", "")},
            "summary": _summary(report, tests, begin),
            "tests": tests,
            "environment": _environment(telling),
        },
    }


def _identity(run: Run) -> str:
    """The same for all that is written of one run."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, encodable(f"{run.environment} {run.lanes} {run.started}")))


def _summary(report: Report, tests: list[dict[str, Any]], begin: int) -> dict[str, Any]:
    counts = dict.fromkeys(("passed", "failed", "skipped", "pending", OTHER), 0)
    for test in tests:
        counts[test["status"]] += 1
    lasted = round(report.run.seconds * 1000)
    return {
        "tests": len(tests),
        **counts,
        "flaky": sum(verdict.unsteady for verdict in report.verdicts),
        "suites": len({test["suite"][-1] for test in tests}),
        "start": begin,
        "stop": begin + lasted,
        "duration": lasted,
        "extra": {"exit": report.run.exit, "word": report.run.word, "missing": len(report.missing), **report.totals},
    }


def _environment(telling: Telling) -> dict[str, Any]:
    run = telling.report.run
    known = {"commit": run.commit, "buildUrl": telling.url}
    return {
        "reportName": "Seatrial",
        "testEnvironment": run.environment,
        "healthy": run.word == "GO",
        **{key: value for key, value in known.items() if value},
        "extra": {"kind": run.kind, "lanes": list(run.lanes), "versions": run.versions, "notes": _notes(run)},
    }


def _notes(run: Run) -> list[str]:
    return [cut(note, LONGEST) for note in (run.reason, *run.notes) if note]


def _test(verdict: Verdict, checkout: Path | None, begin: int) -> dict[str, Any]:
    start = _milliseconds(verdict.began) if verdict.began else begin
    lasted = round(verdict.observed_ms)
    flaky = {"flaky": True, "retries": verdict.attempts - 1} if verdict.unsteady else {}
    return {
        "name": _name(verdict.id),
        "status": STATUS[verdict.outcome],
        "rawStatus": verdict.outcome,
        "duration": lasted,
        "start": start,
        "stop": start + lasted,
        "suite": ["checks", verdict.family or "checks"],
        **_found(verdict),
        **_where(verdict, places(verdict, checkout)),
        **flaky,
        "tags": [*verdict.lanes, *verdict.runbook],
        "labels": {"severity": verdict.severity, "check": verdict.check},
        "extra": _extra(verdict),
    }


def _found(verdict: Verdict) -> dict[str, str]:
    message, subjects = _message(verdict), listed(verdict.subjects, SUBJECTS)
    told = {"message": message, "trace": "\n".join(subjects)}
    return {key: text for key, text in told.items() if text}


def _message(verdict: Verdict) -> str:
    if verdict.outcome == "waived" and verdict.waiver:
        return cut(f"waived until {verdict.waiver.until}: {verdict.waiver.reason}", LONGEST)
    return cut(verdict.message, LONGEST)


def _where(verdict: Verdict, found: tuple[Place, ...]) -> dict[str, Any]:
    """The first place in the application's files; else the check's own."""
    first = next((place for place in found if not place.waived), None)
    if first is None:
        return {"filePath": verdict.file, "line": verdict.line}
    return {"filePath": first.path, "line": first.line}


def _extra(verdict: Verdict) -> dict[str, Any]:
    texts = {name: getattr(verdict, name) for name in ("promise", "means", "confirm", "contain", "fix")}
    told = texts if verdict.outcome != "verified" else {"promise": verdict.promise}
    waiver = msgspec.to_builtins(verdict.waiver) if verdict.waiver else None
    if waiver:
        waiver["subjects"] = listed(waiver["subjects"], SUBJECTS)
    return {key: value for key, value in {**told, "waiver": waiver, "attempts": verdict.attempts}.items() if value}


def _missing(case: str, begin: int) -> dict[str, Any]:
    return {
        "name": _name(case),
        "status": OTHER,
        "rawStatus": "missing",
        "duration": 0,
        "start": begin,
        "stop": begin,
        "suite": ["checks", "missing"],
        "message": MISSING,
    }


def _name(identifier: str) -> str:
    """Never empty: the schema demands a character."""
    return one_line(identifier, LONGEST) or "?"


def _printable(value: Any) -> Any:
    match value:
        case str():
            return printable(value)
        case dict():
            return {printable(key): _printable(item) for key, item in value.items()}
        case list() | tuple():
            return [_printable(item) for item in value]
    return value


def _milliseconds(instant: str) -> int:
    return round(datetime.fromisoformat(instant).timestamp() * 1000)
