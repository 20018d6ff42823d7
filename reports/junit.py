"""``junit.xml``, for CI systems: one test suite a family, one test case a verdict.

violated is a failure; blind, crashed and missing are errors; waived and inapplicable are skipped.
"""

import io
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from reports.atomic_file import replace_file
from reports.plain_text import printable
from reports.verdicts import Report, Run, Verdict

if TYPE_CHECKING:
    from junitparser import TestCase, TestSuite
    from junitparser.junitparser import FinalResult

NAME = "junit.xml"
# XML 1.0, production 2 (Char): everything else is not allowed, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(report: Report, directory: Path) -> Path:
    """Write ``junit.xml``.

    Raises:
        OSError: the directory cannot be written to.
    """
    from junitparser import JUnitXml  # only a run that gets this far pays for it

    document: Any = JUnitXml("seatrial")
    _append(document, *(_suite(name, cases, report.run) for name, cases in _families(report).items()))
    document.update_statistics()
    buffer = io.BytesIO()
    document.write(buffer)
    return replace_file(directory / NAME, buffer.getvalue())


def _families(report: Report) -> dict[str, "list[TestCase]"]:
    families: dict[str, list[TestCase]] = defaultdict(list)
    for verdict in report.verdicts:
        families[verdict.family].append(_case(verdict))
    for identifier in report.missing:
        families["missing"].append(_missing(identifier))
    return families


def _suite(name: str, cases: "list[TestCase]", run: Run) -> "TestSuite":
    from junitparser import TestSuite

    suite = TestSuite(_xml(name))
    suite.timestamp = _xml(run.started)
    for key, value in (("environment", run.environment), ("commit", run.commit or ""), ("word", run.word)):
        suite.add_property(key, _xml(value))
    _append(suite, *cases)
    return suite


def _case(verdict: Verdict) -> "TestCase":
    from junitparser import Properties, Property, TestCase

    case = TestCase(_xml(verdict.id), _xml(f"checks.{verdict.family}.{verdict.check}"), verdict.observed_ms / 1000)
    results = [] if verdict.outcome == "verified" else [_result(verdict)]
    properties: Any = cast(Any, Properties)()
    _append(properties, *(Property(name, _xml(value)) for name, value in _properties(verdict)))
    _append(case, properties, *results)
    return case


def _append(parent: Any, *children: Any) -> None:
    """Unlike add_testcase, count nothing: the statistics of a large suite would be made anew for each case."""
    for child in children:
        parent.append(child)


def _properties(verdict: Verdict) -> list[tuple[str, str]]:
    properties: list[tuple[str, str]] = [("severity", verdict.severity), ("outcome", verdict.outcome)]
    properties += [("runbook", entry) for entry in verdict.runbook]
    properties += [("lane", lane) for lane in verdict.lanes]
    return properties + ([("unsteady", f"{verdict.attempts} attempts")] if verdict.unsteady else [])


def _result(verdict: Verdict) -> "FinalResult":
    from junitparser import Error, Failure, Skipped

    kinds = {"violated": Failure, "blind": Error, "crashed": Error, "waived": Skipped, "inapplicable": Skipped}
    result = kinds[verdict.outcome](_xml(_message(verdict)), verdict.outcome)
    result.text = _xml(_details(verdict))
    return result


def _message(verdict: Verdict) -> str:
    if verdict.outcome == "waived" and verdict.waiver:
        return f"waived until {verdict.waiver.until}: {verdict.waiver.reason}"
    return verdict.message or verdict.outcome


def _details(verdict: Verdict) -> str:
    steps = (("Promise", verdict.promise), ("Contain", verdict.contain), ("Fix", verdict.fix))
    lines = [verdict.message, *(f"- {subject}" for subject in verdict.subjects)]
    return "\n".join(lines + [f"{name}: {text}" for name, text in steps if text])


def _missing(identifier: str) -> "TestCase":
    from junitparser import Error, TestCase

    case = TestCase(_xml(identifier), _xml(f"missing.{identifier.partition('[')[0]}"), 0.0)
    _append(case, Error("expected by the lane's manifest, but it reached no verdict", "missing"))
    return case


def _xml(text: str) -> str:
    return _NOT_XML.sub("", printable(text))
