"""``junit.xml``, for CI systems: one test suite a family, one test case a verdict.

violated is a failure; blind, crashed and missing are errors; waived and inapplicable are skipped. The file keeps to the
schema by which Jenkins's xUnit plugin refuses others, as pytest's xunit2 does (junit-10.xsd): no properties of a test
case, so what is known of one stands in its output; no `file` either, but for GitLab, which links to it.
"""

import io
import os
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.atomic_file import replace_file
from reports.places import places
from reports.plain_text import cut, listed, one_line, printable
from reports.telling import Telling
from reports.verdicts import Run, Verdict

if TYPE_CHECKING:
    from junitparser import TestCase, TestSuite
    from junitparser.junitparser import FinalResult

NAME = "junit.xml"
LONGEST = 10_000  # characters of a message
SUBJECTS = 200  # of one test case
# XML 1.0, production 2 (Char): everything else is not allowed, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(telling: Telling, directory: Path, variables: Mapping[str, str] = os.environ) -> Path:
    """Write ``junit.xml``. `variables` say whether GitLab is to read it.

    Raises:
        OSError: the directory cannot be written to.
    """
    from junitparser import JUnitXml  # only a run that gets this far pays for it

    document: Any = JUnitXml("seatrial")
    files = variables.get("GITLAB_CI") == "true"
    run = telling.report.run
    _append(document, *(_suite(name, cases, run) for name, cases in _families(telling, files).items()))
    document.update_statistics()
    for element in (document, *document):
        _as_the_schema_has_it(element._elem)
    buffer = io.BytesIO()
    document.write(buffer)
    return replace_file(directory / NAME, buffer.getvalue())


def _as_the_schema_has_it(element: Any) -> None:
    """`testsuites` has no `skipped`, and a time has no exponent."""
    if element.tag == "testsuites":
        element.attrib.pop("skipped", None)
    element.set("time", f"{float(element.get('time') or 0):.3f}")


def _families(telling: Telling, files: bool) -> dict[str, "list[TestCase]"]:
    families: dict[str, list[TestCase]] = defaultdict(list)
    for verdict in telling.report.verdicts:
        families[verdict.family].append(_case(verdict, telling.checkout, files))
    for identifier in telling.report.missing:
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


def _case(verdict: Verdict, checkout: Path | None, files: bool) -> "TestCase":
    from junitparser import TestCase

    case = TestCase(one_line(_xml(verdict.id)), _xml(f"checks.{verdict.family}.{verdict.check}"))
    case._elem.set("time", f"{verdict.observed_ms / 1000:.3f}")
    for place in places(verdict, checkout)[:1] if files else ():
        case._elem.set("file", _xml(f"{place.path}#L{place.line}"))
    _append(case, *([] if verdict.outcome == "verified" else [_result(verdict)]))
    case.system_out = _xml("\n".join(f"[[PROPERTY|{name}={one_line(value)}]]" for name, value in _properties(verdict)))
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
    return cut(verdict.message, LONGEST) or verdict.outcome


def _details(verdict: Verdict) -> str:
    steps = (("Promise", verdict.promise), ("Contain", verdict.contain), ("Fix", verdict.fix))
    lines = [cut(verdict.message, LONGEST), *(f"- {subject}" for subject in listed(verdict.subjects, SUBJECTS))]
    return "\n".join(lines + [f"{name}: {text}" for name, text in steps if text])


def _missing(identifier: str) -> "TestCase":
    from junitparser import Error, TestCase

    case = TestCase(one_line(_xml(identifier)), _xml(f"missing.{identifier.partition('[')[0]}"), 0.0)
    _append(case, Error("expected by the lane's manifest, but it reached no verdict", "missing"))
    return case


def _xml(text: str) -> str:
    return _NOT_XML.sub("", printable(text))
