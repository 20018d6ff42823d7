"""The file itself, within what GitHub takes.

A result is a violated promise at a place in a file; a waived one is a suppressed result. What could not be seen is no
result: it is a notification of the run, and so is what is broken elsewhere than in files.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from reports.atomic_file import replace_file
from reports.closing_line import advice
from reports.places import Place, places, prefix_of
from reports.plain_text import cut, encodable, printable
from reports.sarif.line_hashes import hashes_of
from reports.sarif.notifications import DESCRIPTORS, notifications, utc
from reports.sarif.rules import LEVEL, rules
from reports.telling import Telling
from reports.verdicts import SEVERITIES, Run, Verdict

NAME = "seatrial.sarif"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST = 5_000
"""Results: GitHub takes 25,000 a run and keeps the first 5,000 by severity."""
LARGEST = 10_000_000
"""Bytes, compressed: GitHub refuses a larger file (its documented 10 MB)."""
LONGEST = 1_000
"""Characters of one text."""
ROOT = "%SRCROOT%"
_LINK = re.compile(r"\](?=\()")  # SARIF 2.1.0, 3.11.6: [text](target) in a message is a link


def write_sarif(telling: Telling, directory: Path) -> Path:
    """Write ``seatrial.sarif``.

    Raises:
        OSError: the directory cannot be written to.
    """
    return replace_file(directory / NAME, _within(telling))


def _within(telling: Telling) -> bytes:
    """The file with as many results as are accepted, the most severe first."""
    found = _findings(telling)
    most = min(MOST, len(found))
    while True:
        content = json.dumps(_log(telling, found, most), ensure_ascii=False, indent=1).encode("utf-8", "replace")
        if not most or len(content) <= LARGEST or len(gzip.compress(content, 6)) <= LARGEST:
            return content
        most //= 2


def _findings(telling: Telling) -> list[tuple[Verdict, Place]]:
    verdicts = sorted(telling.report.verdicts, key=lambda verdict: SEVERITIES.index(verdict.severity))
    return [(verdict, place) for verdict in verdicts for place in places(verdict, telling.checkout)]


def _log(telling: Telling, found: list[tuple[Verdict, Place]], most: int) -> dict[str, Any]:
    run, shown = telling.report.run, found[:most]
    described = rules([*(verdict for verdict, _ in shown), *_unseen(telling.report.verdicts)])
    index = {rule["id"]: number for number, rule in enumerate(described)}
    told = notifications(telling.report, {verdict.id for verdict, _ in found}, len(found) - len(shown))
    analysis = {
        "tool": {"driver": _driver(run, described)},
        "automationDetails": {"id": _category(run)},
        "invocations": [_invocation(telling, told)],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the application's repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": _results(telling, shown, index),
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [analysis]}


def _driver(run: Run, described: list[dict[str, Any]]) -> dict[str, Any]:
    version = run.versions.get("seatrial", "0.0.0")
    return {"name": "Seatrial", "semanticVersion": version, "rules": described, "notifications": DESCRIPTORS}


def _unseen(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.outcome in ("blind", "crashed")]


def _category(run: Run) -> str:
    """What GitHub tells analyses of one commit apart by; what comes after the last slash does not count."""
    names = [run.environment, "-".join(run.lanes) or "all-lanes"]
    return "seatrial/" + "/".join(re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:100] for name in names) + "/"


def _invocation(telling: Telling, told: list[dict[str, Any]]) -> dict[str, Any]:
    run = telling.report.run
    looked = run.exit in (0, 1) and not run.replayed  # an upload of what was so then closes what is so now
    ended = datetime.fromisoformat(run.started) + timedelta(seconds=run.seconds)
    return {
        "executionSuccessful": looked and not any(row["level"] != "note" for row in told),
        "exitCode": run.exit,
        "exitCodeDescription": cut(printable(f"{run.word}: {advice(telling.report)}"), LONGEST),
        "startTimeUtc": utc(run.started),
        "endTimeUtc": utc(ended.isoformat()),
        "toolExecutionNotifications": told,
    }


def _numbered(found: Iterable[tuple[Verdict, Place]]) -> Iterable[tuple[Verdict, Place, int]]:
    """Each with how many alike came before it: of one subject in one file."""
    seen: dict[tuple[str, str, str], int] = {}
    for verdict, place in found:
        alike = (verdict.id, place.path, place.subject)
        seen[alike] = seen.get(alike, -1) + 1
        yield verdict, place, seen[alike]


def _results(telling: Telling, found: Iterable[tuple[Verdict, Place]], index: dict[str, int]) -> list[dict[str, Any]]:
    results = []
    lines: dict[str, list[str]] = {}
    for verdict, place, number in _numbered(found):
        if telling.checkout is not None and place.path not in lines:
            lines[place.path] = hashes_of(telling.checkout / place.path.removeprefix(prefix_of(telling.checkout)))
        result = _result(verdict, place, telling.report.run, index)
        prints = {"seatrialFinding/v1": _fingerprint(verdict.id, place.path, _whose(place), str(number))}
        known = lines.get(place.path, [])
        if place.line <= len(known):
            prints["primaryLocationLineHash"] = known[place.line - 1]
        results.append(result | {"partialFingerprints": prints})
    return results


def _result(verdict: Verdict, place: Place, run: Run, index: dict[str, int]) -> dict[str, Any]:
    region = {"startLine": place.line} | ({"startColumn": place.column} if place.column else {})
    artifact = {"uri": quote(encodable(place.path)), "uriBaseId": ROOT}
    properties = {"case": verdict.id, "severity": verdict.severity, "runbook": list(verdict.runbook),
                  "environment": run.environment, "subject": cut(place.subject, LONGEST)}  # fmt: skip
    return {
        "ruleId": verdict.check,
        "ruleIndex": index[verdict.check],
        "level": LEVEL[verdict.severity],
        "message": {"text": _message(place)},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "suppressions": _suppressions(verdict, place),
        "properties": _printable(properties),
    }


def _message(place: Place) -> str:
    text = cut(printable(place.told).strip() or "the promise is broken", LONGEST)
    instead = cut(printable(place.instead).strip(), LONGEST)
    return _LINK.sub("]\u2060", f"{text}\n\nInstead: {instead}" if instead else text)


def _suppressions(verdict: Verdict, place: Place) -> list[dict[str, Any]]:
    """All results have this property, since one of them may: SARIF 2.1.0, 3.27.23."""
    if not place.waived or verdict.waiver is None:
        return []
    why = f"accepted until {verdict.waiver.until}: {verdict.waiver.reason}"
    return [{"kind": "external", "status": "accepted", "justification": cut(printable(why), LONGEST)}]


def _whose(place: Place) -> str:
    """The subject without the line that it may name, so that a finding stays itself when lines move."""
    return re.sub(r":[0-9]+(?::[0-9]+)?(?=[\s:]|$)", "", place.subject)


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\0".join(map(encodable, parts)).encode()).hexdigest()[:32]


def _printable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    return [printable(item) for item in value] if isinstance(value, list) else printable(str(value))
