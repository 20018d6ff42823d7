"""Runs one after the other, as the history sees them: each told to what the ones before have left."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reports.check_files import CheckFile
from reports.past.applications import own
from reports.past.history import Past
from reports.past.remembering import remembered
from reports.promise import Promise
from reports.telling import Telling
from reports.verdicts import Outcome, Report
from selftests.report_samples import report, verdict

TEXTS = Promise(promise="It holds.", means="m", confirm="c", contain="c", fix="f")
RUNBOOK = (CheckFile(check="lost", family="health", file="checks/health/lost.py", promise=TEXTS, cases=()),)


def found(outcomes: Mapping[str, Outcome], day: int = 1, **run: Any) -> Report:
    """A report of checks without cases, in order, of one day of November."""
    missing = run.pop("missing", ())
    verdicts = [verdict(outcome, check=check, case="") for check, outcome in outcomes.items()]
    return report(*verdicts, missing=missing, **({"started": instant(day)} | run))


def instant(day: int) -> str:
    """Ten o'clock on a day of November 2026."""
    return f"2026-11-{day:02}T10:00:00.000+00:00"


def telling(sample: Report, past: Past | None = None, **fields: Any) -> Telling:
    """The report, as it is told after what was before."""
    given: dict[str, Any] = {"directory": Path("out"), "runbook": RUNBOOK}
    known = own(past or Past(), fields.get("application"), sample.run.commit)
    return Telling(report=sample, past=known, **(given | fields))


def after(*reports: Report, past: Past | None = None, application: str | None = None) -> Past:
    """What is known after these runs, each of which ended after all of them had begun."""
    past = past or Past()
    for each in reports:
        past = remembered(past, telling(each, past, application=application), whole=True, now=instant(29))
    return past
