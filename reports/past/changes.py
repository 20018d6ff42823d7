"""What is otherwise than before: this run beside the previous one in the same environment."""

from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from reports.past.history import Looked, Past, PastCase, PastRun
from reports.plain_text import one_line
from reports.verdicts import Report


class Change(Struct, frozen=True, kw_only=True):
    """One case, then and now. `was` is None when nothing was known of it; outcomes, or "missing"."""

    case: str
    was: str | None
    now: str
    since: str
    """When `now` began, ISO 8601 in UTC."""


class Changes(Struct, frozen=True, kw_only=True):
    """The cases that differ, or are still violated; each group in the order of the report."""

    previous: PastRun | None = None
    """The newest run in the same environment with a lane in common."""
    new: tuple[Change, ...] = ()
    """Violated now, and not when it was last looked at."""
    mended: tuple[Change, ...] = ()
    """Violated when it was last looked at; verified now."""
    waived: tuple[Change, ...] = ()
    """Violated when it was last looked at; accepted now."""
    unasked: tuple[Change, ...] = ()
    """Violated when it was last looked at; declared inapplicable now."""
    still: tuple[Change, ...] = ()
    """Violated when it was last looked at, and now."""
    unseen: tuple[Change, ...] = ()
    """Looked at before; blind, crashed or missing now."""
    judged: int = 0
    """How many cases this run has an outcome of; of one that died at once, none."""
    seen: tuple[Change, ...] = ()
    """Blind, crashed or missing before; verified, waived or inapplicable now, and nothing of the above."""


WELL = ("verified", "waived", "inapplicable")
LOOKED = ("verified", "violated", "waived")
UNSEEN = ("blind", "crashed", "missing")
BROKEN = ("still", "mended", "waived", "unasked")
"""Groups of cases that were violated when they were last looked at."""


def changes(past: Past, report: Report) -> Changes:
    """What differs between what was known of this application and what was found, case by case."""
    known = as_known(past, report)
    groups: dict[str, list[Change]] = {}
    found = outcomes(report)
    for case, now in found.items():
        before = known.get(case)
        group = _group(before.outcome if before else None, _seen(before), now)
        same = began(before, now)
        was = "violated" if group in BROKEN else before.outcome if before else None
        row = Change(case=case, was=was, now=now, since=same.since if same else report.run.started)
        groups.setdefault(group, []).append(row)
    groups.pop("", None)
    return Changes(
        previous=previous(past, report), judged=len(found), **{name: tuple(rows) for name, rows in groups.items()}
    )


def _group(was: str | None, seen: str | None, now: str) -> str:
    """The group of `Changes`; empty when nothing is to be told. `seen`: as it was when it was last looked at."""
    if now == "violated":
        return "still" if seen == now else "new"
    if now in WELL and seen == "violated":
        return {"verified": "mended", "waived": "waived"}.get(now, "unasked")
    if now in WELL:
        return "seen" if was in UNSEEN else ""
    return "unseen" if was in LOOKED else ""


def _seen(before: PastCase | None) -> str | None:
    if before is None or before.outcome not in UNSEEN:
        return before.outcome if before else None
    return before.looked.outcome if before.looked else None


def began(before: PastCase | None, now: str) -> Looked | None:
    """The outcome `now` as it began in an earlier run; None when it begins with this one.

    What is wrong stays wrong while nobody can see it; what is well is not taken to have stayed so.
    """
    if before and before.outcome == now:
        return Looked(outcome=now, since=before.since, commit=before.commit)
    return before.looked if before and before.looked and before.looked.outcome == now == "violated" else None


def as_known(past: Past, report: Report) -> dict[str, PastCase]:
    """What was known of each case of this environment when the run began; others may have ended since."""
    last, started = previous(past, report), report.run.started
    cases = past.cases.get(report.run.environment, {})
    rows = ((case, _then(case, known, last, started)) for case, known in cases.items())
    return {case: known for case, known in rows if known}


def _then(case: str, known: PastCase, last: PastRun | None, started: str) -> PastCase | None:
    verified = None if later(known.verified, started) else known.verified
    if not later(known.since, started):
        return replace(known, verified=known.since if known.outcome == "verified" and not verified else verified)
    if known.looked and not later(known.looked.since, started):
        seen = known.looked
        return PastCase(outcome=seen.outcome, since=seen.since, verified=verified, commit=seen.commit)
    for outcome, cases in (("violated", last.violated), ("blind", last.blind)) if last else ():
        if last and case in cases:
            return PastCase(outcome=outcome, since=last.started, verified=verified, commit=last.commit)
    return None


def outcomes(report: Report) -> dict[str, str]:
    """Case id -> outcome, "missing" for those without a verdict."""
    return {verdict.id: verdict.outcome for verdict in report.verdicts} | dict.fromkeys(report.missing, "missing")


def previous(past: Past, report: Report) -> PastRun | None:
    """The newest run in the same environment with at least one lane in common that did not begin after this one."""
    run = report.run
    for each in past.runs:
        alike = each.environment == run.environment and set(each.lanes) & set(run.lanes)
        if alike and not later(each.started, run.started):
            return each
    return None


def told(changes: Changes, now: str) -> str | None:
    """What changed, in one line; None when there is no run to compare with. `now` is the start of this run.

    ``since the previous run (2 h ago, a1b2c3d): 2 new, 1 mended, 3 still violated``
    """
    if changes.previous is None:
        return None
    commit = one_line(changes.previous.commit or "", 200)[:7]
    which = ", ".join(filter(None, (ago(changes.previous.started, now), commit)))
    counts = (
        (len(changes.new), "new"),
        (len(changes.mended), "mended"),
        (len(changes.waived), "now waived"),
        (len(changes.unasked), "no longer looked for"),
        (len(changes.still), "still violated"),
        (len(changes.unseen), "no longer seen"),
        (len(changes.seen), "seen again"),
    )
    rows = [f"{number} {word}" for number, word in counts if number]
    same = "nothing changed" if changes.judged else "nothing can be compared, this run judged nothing"
    return f"since the previous run{f' ({which})' if which else ''}: {', '.join(rows) or same}"


def standing(changes: Changes) -> dict[str, str]:
    """Case id -> how long it has been violated: ``since 2026-11-20 14:00 UTC``, or ``new since the previous run``."""
    new = dict.fromkeys((row.case for row in changes.new), "new") if changes.previous else {}
    return new | {row.case: f"since {minute(row.since)}" for row in changes.still}


def minute(instant: str) -> str:
    """``2026-11-20 14:00 UTC``; a text that is no instant stays as it is, on one line."""
    moment = _moment(instant)
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else one_line(instant, 40)


def ago(then: str, now: str) -> str:
    """``2 h ago``; nothing, when one of the two is no instant."""
    began, ended = _moment(then), _moment(now)
    if began is None or ended is None:
        return ""
    passed = max(ended - began, timedelta())
    for unit, seconds in (("day", 86400), ("h", 3600), ("min", 60)):
        number = int(passed.total_seconds() // seconds)
        if number:
            return f"{number} {unit}{'s' if unit == 'day' and number > 1 else ''} ago"
    return "just before"


def later(one: str | None, other: str) -> bool:
    """Whether one instant is after another; not, when one of them is none."""
    moments = _moment(one or ""), _moment(other)
    return moments[0] is not None and moments[1] is not None and moments[0] > moments[1]


def _moment(instant: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(instant)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # the file may have been written by hand
        return None
