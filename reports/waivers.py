"""Waivers that nothing needs any more, and those whose day has passed."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from fixtures.engine.environment import Environment, Waiver
from reports.verdicts import Verdict

PROMISE = "Every waiver is still needed."
TEXTS: dict[str, Any] = {
    "promise": PROMISE,
    "means": "a finding of the same name would be accepted unseen the next time it appears.",
    "confirm": "look for the check and the subject among the findings of the report.",
    "contain": "nothing is exposed by this itself.",
    "fix": "take the [[waiver]] out of the environment file.",
}


def unused(verdicts: Iterable[Verdict], environment: Environment, cases: Iterable[str]) -> list[Verdict]:
    """A finding for each waiver whose check was judged in full and had nothing to say about its subject.

    `cases` are the ids of all cases that this environment could be asked for: a waiver is only unneeded when every
    one of its check's was looked at.
    """
    judged = {verdict.id: verdict for verdict in verdicts if verdict.outcome in ("verified", "violated", "waived")}
    known = list(cases)
    today = datetime.now(UTC).date()
    return [_finding(row, environment, today) for row in environment.waivers if _is_unused(row, judged, known)]


def _is_unused(row: Waiver, judged: Mapping[str, Verdict], known: Iterable[str]) -> bool:
    wanted = {case for case in known if row.check in (case, case.partition("[")[0])}
    if not wanted or not wanted <= judged.keys():
        return False
    return not any(row.subject in _subjects(judged[case]) for case in wanted)


def _subjects(verdict: Verdict) -> set[str]:
    return {*verdict.subjects, *(verdict.waiver.subjects if verdict.waiver else ())}


def _finding(row: Waiver, environment: Environment, today: date) -> Verdict:
    void = f" and has been void since {row.until}" if row.until < today else ""
    return Verdict(
        check="waiver_needed",
        case=f"{row.check} {row.subject}",
        severity="low",
        outcome="violated",
        message=f"the waiver of {row.check} for {row.subject} matches no finding{void}",
        subjects=(row.subject,),
        file=environment.path.name,
        line=1,
        **TEXTS,
    )


def expired(environment: Environment) -> list[str]:
    """A sentence for each waiver whose day has passed."""
    today = datetime.now(UTC).date()
    return [
        f"the waiver of {row.check} for {row.subject} has been void since {row.until} ({row.reason})"
        for row in environment.waivers
        if row.until < today
    ]
