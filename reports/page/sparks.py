"""How cases came to be as they are: a line of marks over the runs, for each that is not green, or was not lately."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from reports.page.amounts import counted
from reports.page.instants import spelt
from reports.page.markup import Html, joined, tag
from reports.page.runs import MOST_IDS
from reports.page.states import SIGNS, badge
from reports.past.changes import UNSEEN, as_known, began, outcomes
from reports.past.history import PastCase, PastRun
from reports.plain_text import cut, one_line
from reports.telling import Telling
from reports.verdicts import SEVERITIES

RUNS = 30
"""Runs that a line has marks of, this one last."""
CASES = 30
"""Lines that are drawn."""
STEP, HIGH = 9, 18
"""Width of a mark with its gap, and height of a line, in pixels."""
NAME = 120  # characters
LEGEND = "Full bar: violated. Open bar: not seen. Dot: verified. Tick: that run has no complaint about it."


class Line(Struct, frozen=True, kw_only=True):
    """The cases of one check with the same story, mostly one.

    `marks` has a state for each run, the newest last: an outcome, "quiet" (the run has no complaint about it) or ""
    (nothing is known). `since` and `verified` are ISO 8601 in UTC; `verified` is None for never.
    """

    cases: tuple[str, ...]
    now: str
    since: str
    verified: str | None
    marks: tuple[str, ...]


def lines(telling: Telling) -> list[Line]:
    """The cases that are not green, the most urgent first, then those that were not in one of the last runs."""
    run = telling.report.run
    earlier = (past for past in telling.past.runs if past.environment == run.environment and past.started < run.started)
    before = sorted(earlier, key=lambda past: past.started)[-(RUNS - 1) :]
    known = as_known(telling.past, telling.report)
    now = outcomes(telling.report)
    lanes = {verdict.id: set(verdict.lanes) for verdict in telling.report.verdicts}
    wrong = [case for case, outcome in now.items() if outcome not in ("verified", "waived", "inapplicable")]
    lately = {case for past in before for case in (*past.violated, *past.blind)} & now.keys() - {*wrong}
    severe = {verdict.id: SEVERITIES.index(verdict.severity) for verdict in telling.report.verdicts}
    order = list(SIGNS)
    chosen = [*sorted(wrong, key=lambda case: (order.index(now[case]), severe.get(case, 0))), *sorted(lately)]
    told = (_line(case, now[case], known.get(case), before, lanes.get(case, set()), run.started) for case in chosen)
    return _joined(told)


def _joined(told: Iterable[Line]) -> list[Line]:
    """ "One unset variable" blinds forty cases of a check in the same run: one line."""
    found: dict[tuple[object, ...], Line] = {}
    for line in told:
        story = (line.cases[0].partition("[")[0], line.now, line.since, line.verified, line.marks)
        before = found.get(story)
        found[story] = replace(before, cases=before.cases + line.cases) if before else line
    return list(found.values())


def _line(case: str, now: str, past: PastCase | None, before: Sequence[PastRun], lanes: set[str], started: str) -> Line:
    same = began(past, now)
    since = same.since if same else started
    verified = started if now == "verified" else past.verified if past else None
    marks = tuple(_mark(case, run, past, lanes) for run in before)
    return Line(cases=(case,), now=now, since=since, verified=verified, marks=(*marks, now))


def _mark(case: str, run: PastRun, past: PastCase | None, lanes: set[str]) -> str:
    if case in run.violated:
        return "violated"
    if case in run.blind:
        return "blind"
    if not sum(run.totals.values()):
        return ""  # it died before it had looked at anything
    cut_off = len(run.violated) >= MOST_IDS or len(run.blind) >= MOST_IDS
    if cut_off or (lanes and run.lanes and not lanes & set(run.lanes)):
        return ""
    return "verified" if past and _was_green(past, run) else "quiet"


def _was_green(past: PastCase, run: PastRun) -> bool:
    kept = past.outcome == "verified" and past.since <= run.started
    return kept or run.started == past.verified


def table(telling: Telling) -> Html:
    """The lines as a table; a sentence when there is none."""
    found = lines(telling)
    if not found:
        return tag("p", "No case is other than green, and none was in the runs that are known.")
    heads = tag(
        "tr", *(tag("th", name, scope="col") for name in ("Case", "Run by run", "Now", "Since", "Last verified"))
    )
    rows = [_row(line) for line in found[:CASES]]
    left = sum(len(line.cases) for line in found[CASES:])
    caption = tag("caption", "Cases that are not green, or were not lately", class_="unseen")
    drawn = tag("table", caption, tag("thead", heads), tag("tbody", *rows), class_="sparks")
    return joined([
        tag("div", drawn, class_="scrolls", tabindex="0", role="region", aria_label="Cases run by run"),
        tag("p", f"{counted(left, 'more case')} like these: see the runbook.", class_="note") if left > 0 else None,
        tag("p", LEGEND, class_="note"),
    ])  # fmt: skip


def _row(line: Line) -> Html:
    return tag(
        "tr",
        tag("th", *_named(line.cases), scope="row"),
        tag("td", _drawn(line), tag("span", _told(line), class_="unseen")),
        tag("td", badge(line.now)),
        tag("td", when(line.since)),
        tag("td", when(line.verified) if line.verified else "never, as far as is known"),
    )


def _named(cases: tuple[str, ...]) -> list[Html | str]:
    """A case, or the check of several."""
    name = one_line(cases[0]) if len(cases) == 1 else one_line(cases[0].partition("[")[0])
    link = tag("a", cut(name, NAME), href=f"#{quote(name)}")
    return [link] if len(cases) == 1 else [link, f" ({counted(len(cases), 'case')})"]


def when(instant: str) -> Html:
    """An instant, which scripts tell as an age."""
    return tag("time", spelt(instant), datetime=instant, title=spelt(instant), class_="dated")


def _told(line: Line) -> str:
    seen = ["not seen" if mark in UNSEEN else mark for mark in line.marks]
    counts = {state: seen.count(state) for state in ("violated", "not seen")}
    said = [f"{state} in {counted(count, 'run')}" for state, count in counts.items() if count]
    return f"{', '.join(said) or 'no complaint'} of the last {len(line.marks)}"


def _drawn(line: Line) -> Html:
    width = len(line.marks) * STEP
    marks = [_shape(state, at * STEP + 1) for at, state in enumerate(line.marks) if state]
    return tag(
        "svg", *marks, class_="spark", viewbox=f"0 0 {width} {HIGH}", width=width, height=HIGH, aria_hidden="true"
    )


SHAPES: Mapping[str, tuple[int, int]] = {"violated": (1, 16), "blind": (4, 10), "crashed": (4, 10), "missing": (4, 10)}
"""Top and height of the bars."""


def _shape(state: str, x: int) -> Html:
    if state in SHAPES:
        top, high = SHAPES[state]
        return tag("rect", x=x, y=top, width=STEP - 2, height=high, data_state=state)
    if state in ("verified", "waived", "inapplicable"):
        return tag("circle", cx=x + 3, cy=HIGH // 2, r=3, data_state=state)
    return tag("rect", x=x + 2, y=HIGH // 2 - 1, width=3, height=2, class_="quiet")
