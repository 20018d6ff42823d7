"""From what happened to a pytest item to the verdict of its case. Runs where the check ran, worker or not."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from checks import Finding
from fixtures import Fact, Inapplicable, Unobservable
from fixtures.engine import ENVIRONMENT, plan
from fixtures.engine.environment import Waiver
from fixtures.engine.observed import Observed, ProbeCrashed
from reports.promise import parse
from reports.vacuous import why_it_cannot_fail
from reports.verdicts import SEVERITIES, Outcome, Verdict, Waived

TITLES: dict[str, Any] = {"promise": "", "means": "", "confirm": "", "contain": "", "fix": ""}
SKIPPED = "a skip is no verdict: declare it under [inapplicable] in the environment file, with the reason"


def verdict_of(item: pytest.Item, call: "pytest.CallInfo[None]") -> Verdict | None:
    """The verdict that this phase of an item decides, if it does."""
    problem = call.excinfo.value if call.excinfo else None
    if problem is None:
        return _unproblematic(item) if call.when == "call" else None
    if isinstance(problem, KeyboardInterrupt | pytest.exit.Exception):
        return None
    return _problematic(item, call, problem)


def _unproblematic(item: pytest.Item) -> Verdict:
    flaw = why_it_cannot_fail(item)
    if flaw:
        return made(item, "crashed", flaw)
    return _held(item)


def _held(item: pytest.Item) -> Verdict:
    """The promise holds: of the one subject that was asked for, only if it was looked at."""
    wanted = item.config.getoption("--subject")
    if wanted and wanted not in set(subjects_in([observed.facts for observed in item.stash[plan.LOOKED]])):
        return made(item, "inapplicable", f"--subject {wanted}: nothing of that name was looked at here")
    counts = {o.key.partition(" ")[0]: len(o.facts) for o in item.stash[plan.LOOKED] if isinstance(o.facts, tuple)}
    return made(item, "verified", evidence={"looked_at": counts} if counts else {})


def subjects_in(facts: object) -> Iterator[str]:
    """The names of all facts in what was looked at, however deep."""
    if isinstance(facts, str):
        yield facts
    elif isinstance(facts, list | tuple):
        for fact in facts:
            yield from subjects_in(fact)
    elif isinstance(facts, Fact):
        yield facts.subject
        yield from subjects_in([getattr(facts, name) for name in facts.__struct_fields__])


def _problematic(item: pytest.Item, call: "pytest.CallInfo[None]", problem: BaseException) -> Verdict:
    if isinstance(problem, Finding) and call.when == "call":
        return _judged(item, problem)
    if call.when == "teardown":
        return made(item, "crashed", f"after the check: {_said(call, problem)}")
    if isinstance(problem, Unobservable):
        return made(item, "blind", str(problem))
    if isinstance(problem, Inapplicable):
        return made(item, "inapplicable", str(problem))
    if isinstance(problem, pytest.skip.Exception | pytest.xfail.Exception):
        return made(item, "blind", f"{problem} ({SKIPPED})")
    return made(item, "crashed", _said(call, problem))


def _said(call: "pytest.CallInfo[None]", problem: BaseException) -> str:
    if isinstance(problem, ProbeCrashed):
        return f"the probe itself failed: {problem}"
    where = call.excinfo.traceback[-1] if call.excinfo and call.excinfo.traceback else None
    at = f" at {Path(where.path).name}:{where.lineno + 1}" if where else ""
    return f"{type(problem).__name__}{at}: {problem} (a check raises Finding or nothing)"


def _judged(item: pytest.Item, finding: Finding) -> Verdict:
    narrowed = item.config.getoption("--subject")
    subjects = tuple(name for name in finding.subjects if narrowed in (None, name))
    if narrowed and finding.subjects and not subjects:
        return _held(item)
    waiver, accepted = _waived(item, subjects)
    left = tuple(name for name in subjects if name not in accepted)
    facts = {name: fact for name, fact in finding.facts.items() if name in subjects}
    evidence = {**finding.evidence, **({"subjects": facts} if facts else {})}
    outcome: Outcome = "waived" if subjects and not left else "violated"
    return made(item, outcome, finding.message, subjects=left or subjects, evidence=evidence, waiver=waiver)


def _waived(item: pytest.Item, subjects: tuple[str, ...]) -> tuple[Waived | None, set[str]]:
    today = datetime.now(UTC).date()
    check = plan.id_of(item)
    rows = item.config.stash[ENVIRONMENT].waivers
    used = [(row, name) for name in subjects for row in rows if row.covers(check, name, today)]
    if not used:
        return None, set()
    names = tuple(dict.fromkeys(name for _, name in used))
    return _waiver_of([row for row, _ in used], names), set(names)


def _waiver_of(rows: list[Waiver], names: tuple[str, ...]) -> Waived:
    reasons = "; ".join(dict.fromkeys(row.reason for row in rows))
    return Waived(subjects=names, reason=reasons, until=min(row.until for row in rows).isoformat())


def made(item: pytest.Item, outcome: Outcome, message: str = "", **fields: Any) -> Verdict:
    """The verdict of an item, with everything that its file, marks and observations say."""
    looked = item.stash.get(plan.LOOKED, [])
    attempts = max((observed.attempts for observed in looked), default=1)
    texts, flaw = _texts(item)
    if flaw and outcome == "verified":
        outcome, message = "crashed", flaw
    return Verdict(
        check=plan.check_of(item),
        case=plan.case_of(item),
        runbook=_runbook(item),
        lanes=plan.lanes_of(item),
        severity=_severity(item),
        outcome=outcome,
        message=message,
        observed_ms=max((observed.ms for observed in looked), default=0.0),
        attempts=attempts,
        unsteady=outcome == "verified" and attempts > 1,
        observations=tuple(dict.fromkeys(observed.key for observed in looked)),
        began=_began(looked),
        file=item.path.relative_to(item.config.rootpath).as_posix(),
        line=(item.reportinfo()[1] or 0) + 1,
        **texts,
        **fields,
    )


def _texts(item: pytest.Item) -> tuple[dict[str, Any], str]:
    try:
        promise = parse(getattr(item, "function", item).__doc__)
    except ValueError as problem:
        return TITLES, f"the docstring is incomplete: {problem}"
    return {name: getattr(promise, name) for name in TITLES}, ""


def _severity(item: pytest.Item) -> Any:
    mark = item.get_closest_marker("severity")
    return mark.args[0] if mark and mark.args and mark.args[0] in SEVERITIES else "critical"


def _runbook(item: pytest.Item) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(entry) for mark in item.iter_markers("runbook") for entry in mark.args))


def _began(looked: list[Observed]) -> str | None:
    return min((observed.began for observed in looked if observed.began), default=None)
