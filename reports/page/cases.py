"""Every check and every case as the page's scripts find them: what was judged, what is missing, what was not run."""

from collections.abc import Iterator, Mapping
from typing import Any

from reports.check_files import Case, CheckFile
from reports.page.judged import TEXTS, judged, texts_of
from reports.past.changes import Change, as_known, began, outcomes
from reports.past.history import PastCase
from reports.plain_text import one_line
from reports.telling import Telling
from reports.verdicts import Verdict

KINDS = ("new", "still", "unseen", "waived", "unasked", "mended", "seen")
"""Groups of `reports.past.changes.Changes`."""
OUTSIDE = "environment"
"""The family of verdicts about the environment file itself, which belong to no folder of checks."""
NOT_RUN = "not-run"


def checks_and_cases(telling: Telling) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """All checks, by family, and all cases, each with the index of its check. Empty fields are left out.

    A case: id, check, outcome ("missing" and "not-run" besides those of verdicts), severity, runbook, lanes, message,
    subjects, more (subjects that are left out), evidence, waiver, ms, attempts, unsteady, line, since (when this
    outcome began), was, change (one of `KINDS`), verified (when it last was).
    """
    checks = {check.check: _check(check) for check in telling.runbook}
    for verdict in telling.report.verdicts:
        if verdict.check not in checks:
            checks[verdict.check] = _judged(verdict)
    for identifier in telling.report.missing:
        checks.setdefault(identifier.partition("[")[0], _unknown(identifier))
    ordered = sorted(checks.values(), key=lambda check: (check["family"], check["check"]))
    index = {check["check"]: number for number, check in enumerate(ordered)}
    known = as_known(telling.past, telling.report)
    changed = _changes(telling)
    rows = [_remembered(row, known, changed) for row in _rows(telling)]
    cases = [_lean(row | {"check": index[row["check"]]}) for row in rows]
    return [_lean(check) for check in ordered], cases


def family_of(verdict: Verdict) -> str:
    """The folder of its check's file."""
    return verdict.family or OUTSIDE


def _rows(telling: Telling) -> Iterator[dict[str, Any]]:
    """Judged cases as they were reached, then missing ones, then those that were not run."""
    known = {case.id: (check.check, case) for check in telling.runbook for case in check.cases}
    yield from judged(telling.report.verdicts, {check.check: check.promise for check in telling.runbook})
    reached = outcomes(telling.report)
    for identifier in telling.report.missing:
        check, case = known.get(identifier, (identifier.partition("[")[0], None))
        yield {"id": one_line(identifier), "check": check, "outcome": "missing"} | _of_file(case)
    for identifier, (check, case) in known.items():
        if identifier not in reached:
            yield {"id": identifier, "check": check, "outcome": NOT_RUN} | _of_file(case)


def _of_file(case: Case | None) -> dict[str, Any]:
    if case is None:
        return {"severity": "critical"}
    return {"severity": case.severity, "runbook": list(case.runbook), "lanes": list(case.lanes)}


def _remembered(
    row: dict[str, Any], known: Mapping[str, PastCase], changed: Mapping[str, tuple[str, Change]]
) -> dict[str, Any]:
    """The row with what earlier runs know of it."""
    past = known.get(row["id"])
    kind, change = changed.get(row["id"], ("", None))
    same = began(past, row["outcome"])
    since = change.since if change else same.since if same else ""
    then = same or past
    earlier = {"was": then.outcome, "was_since": then.since, "verified": past.verified} if past and then else {}
    return row | earlier | {"change": kind, "since": since}


def _changes(telling: Telling) -> dict[str, tuple[str, Change]]:
    told = telling.changes
    if told.previous is None:  # all would be new
        return {}
    return {change.case: (kind, change) for kind in KINDS for change in getattr(told, kind)}


def _check(check: CheckFile) -> dict[str, Any]:
    texts = {name: getattr(check.promise, name) for name in TEXTS}
    return {"check": check.check, "family": check.family, "file": check.file, "runbook": check.runbook} | texts


def _judged(verdict: Verdict) -> dict[str, Any]:
    """A check of which there is no file here: of another version, or a finding about the environment file."""
    named = {"check": verdict.check, "family": family_of(verdict), "file": verdict.file}
    return named | {"runbook": list(verdict.runbook)} | texts_of(verdict)


def _unknown(identifier: str) -> dict[str, Any]:
    return {"check": identifier.partition("[")[0], "family": OUTSIDE, "promise": "", "file": ""}


def _lean(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value or (value == 0 and name == "check")}
