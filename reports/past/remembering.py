"""What a run adds to ``history.json``, and how the file is changed: under a lock, replaced at once, never lost."""

import fcntl
import itertools
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from reports.atomic_file import replace_file
from reports.past.applications import own, with_own
from reports.past.changes import UNSEEN, as_known, began, later, outcomes
from reports.past.history import VERSION, BadHistory, History, Looked, Past, PastCase, PastRun, read_history
from reports.plain_text import encodable_values, unsteered
from reports.telling import Telling
from reports.verdicts import SEVERITIES, Report

RUNS = 200  # kept of each environment
CASES = 200  # named of a run, of each kind
PATIENCE = 2.0
"""Seconds to wait for another run that holds the file."""


def past_run(telling: Telling) -> PastRun:
    """This run, as later ones will know it."""
    report, run = telling.report, telling.report.run
    return PastRun(
        environment=run.environment,
        kind=run.kind,
        lanes=run.lanes,
        commit=run.commit,
        started=run.started,
        seconds=run.seconds,
        exit=run.exit,
        word=run.word,
        totals={**{str(outcome): number for outcome, number in report.totals.items()}, "missing": len(report.missing)},
        families=_families(telling),
        violated=_named(report, "violated"),
        blind=_named(report, *UNSEEN),
        url=telling.url,
        application=telling.application,
    )


def _named(report: Report, *wanted: str) -> tuple[str, ...]:
    urgent = sorted(report.verdicts, key=lambda verdict: SEVERITIES.index(verdict.severity))
    ids = [verdict.id for verdict in urgent if verdict.outcome in wanted]
    return tuple([*ids, *(report.missing if "missing" in wanted else ())][:CASES])


def _families(telling: Telling) -> dict[str, dict[str, int]]:
    known = {check.check: check.family for check in telling.runbook}
    rows = [(verdict.family, str(verdict.outcome)) for verdict in telling.report.verdicts]
    rows += [(known.get(case.partition("[")[0], "missing"), "missing") for case in telling.report.missing]
    found: dict[str, dict[str, int]] = {}
    for (family, outcome), number in sorted(Counter(rows).items()):
        found.setdefault(family, {})[outcome] = number
    return found


def remembered(past: Past, telling: Telling, whole: bool, now: str | None = None) -> Past:
    """The past of all applications with this run in it.

    `whole`: the run judged all that its lanes hold, and counts as a run. Of a narrowed one only its cases are kept.
    `now`: what the clock says, ISO 8601 in UTC.
    """
    run = telling.report.run
    cases = _cases(own(past, telling.application, run.commit), telling.report, now or datetime.now(UTC).isoformat())
    found = with_own(past, telling.application, run.environment, cases)
    return replace(found, runs=_newest((past_run(telling), *past.runs))) if whole else found


def _newest(runs: tuple[PastRun, ...]) -> tuple[PastRun, ...]:
    kept: list[PastRun] = []
    number: Counter[tuple[str | None, str]] = Counter()
    # Two runs at once may end in the other order than they began.
    for run in sorted(runs, key=lambda run: run.started, reverse=True):
        number[run.application, run.environment] += 1
        if number[run.application, run.environment] <= RUNS:
            kept.append(run)
    return tuple(kept)


def _cases(past: Past, report: Report, now: str) -> dict[str, PastCase]:
    """What is known of each case that was judged. What a run that began later has written is not replaced."""
    run, known = report.run, as_known(past, report)
    written = past.cases.get(run.environment, {})
    found = {}
    for case, outcome in outcomes(report).items():
        before = written.get(case)
        # One that is ahead of the clock was no later run: else it would keep all others out until then.
        if before and later(before.judged, run.started) and not later(before.judged, now):
            found[case] = before
        else:
            found[case] = _case(known.get(case), outcome, report)
    return found


def _case(before: PastCase | None, now: str, report: Report) -> PastCase:
    run, same = report.run, began(before, now)
    return PastCase(
        outcome=now,
        since=same.since if same else run.started,
        verified=run.started if now == "verified" else before.verified if before else None,
        commit=same.commit if same else run.commit,
        judged=run.started,
        looked=_looked(before) if now in UNSEEN else None,
    )


def _looked(before: PastCase | None) -> Looked | None:
    if before is None or before.outcome in UNSEEN:
        return before.looked if before else None
    return Looked(outcome=before.outcome, since=before.since, commit=before.commit)


def remember(path: Path, telling: Telling, whole: bool) -> None:
    """Add this run to the file, to whatever another run has added meanwhile.

    Raises:
        BadHistory: it is damaged, or of another version; nothing is written.
        OSError: it cannot be read or written.
        TimeoutError: another run holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path):
        past = remembered(read_history(path), telling, whole)
        file = History(version=VERSION, runs=past.runs, cases=past.cases, applications=past.applications)
        replace_file(path, _encoded(file))


def _encoded(history: History) -> bytes:
    """A line for each run and each case: a difference between two versions can be read."""
    runs = ",\n".join(map(_line, history.runs))
    applications = (f"{_line(name)}:{_environments(cases)}" for name, cases in history.applications.items())
    cases = f'"cases":{_environments(history.cases)},"applications":{{{",".join(applications)}}}'
    return unsteered(f'{{"version":{VERSION},"runs":[\n{runs}\n],{cases}}}\n').encode()


def _environments(cases: Mapping[str, Mapping[str, PastCase]]) -> str:
    environments = (f"{_line(name)}:{{\n{_rows(each)}\n}}" for name, each in cases.items())
    return f"{{{','.join(environments)}}}"


def _rows(cases: Mapping[str, PastCase]) -> str:
    return ",\n".join(f"{_line(case)}:{_line(known)}" for case, known in sorted(cases.items()))


def _line(value: object) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # a lone surrogate
        return msgspec.json.encode(encodable_values(msgspec.to_builtins(value))).decode()


def set_aside(path: Path) -> Path:
    """Rename a damaged file, so that nobody's history is lost: ``history.json.damaged-20261122T100000Z``.

    Raises:
        OSError: it cannot be renamed.
    """
    with _alone(path):
        try:
            read_history(path)
        except BadHistory as problem:
            if problem.damaged:
                return path.rename(_aside(path))
    return path  # another run has done so in the meantime


def _aside(path: Path) -> Path:
    """A name that nobody has, also in the second in which another was set aside."""
    first = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    further = (first.with_name(f"{first.name}-{number}") for number in itertools.count(2))
    return next(place for place in itertools.chain([first], further) if not place.exists())


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the file's lock: a file of its own, because the file itself is replaced."""
    lock = os.open(path.with_name(f".{path.name}.lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        _hold(lock, path)
        yield
    finally:
        os.close(lock)


def _hold(lock: int, path: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise TimeoutError(f"another run holds {path}") from None
            time.sleep(0.02)
