"""History: the word of every run that is known, the newest on the right, and how cases came to be as they are."""

import math
from typing import Any

from reports.page.amounts import counted, took
from reports.page.instants import spelt
from reports.page.markup import Html, joined, tag
from reports.page.runs import address
from reports.page.section import Section
from reports.page.sparks import table
from reports.page.states import SIGNS, WORDS
from reports.past.history import PastRun
from reports.past.remembering import past_run
from reports.plain_text import one_line
from reports.telling import Telling

RUNS = 60
"""Runs of one environment that are drawn."""
ENVIRONMENTS = 8
HIGH = 30
"""Height of the bars above the words, in pixels; it says the order of magnitude: 1 case, 10, 100."""
IDS = 12
"""Cases that the words about one run name."""
NAME = 120  # characters
LEGEND = "Above the sign of a run: how much was violated (full), and how much was not seen (open)."
FIRST = "No earlier run is known. Keep history.json from run to run, beside the report or where --history says."


def strips(telling: Telling) -> dict[str, list[PastRun]]:
    """The runs of each environment, oldest first; this run's environment first, then the most recent ones."""
    mine = past_run(telling)
    found: dict[str, list[PastRun]] = {mine.environment: [mine]}
    for run in telling.past.runs:
        if (run.environment, run.started) != (mine.environment, mine.started):
            found.setdefault(run.environment, []).append(run)
    # By when they began, and not by when they ended: two can be under way at once.
    return {name: sorted(runs, key=_began)[-RUNS:] for name, runs in list(found.items())[:ENVIRONMENTS]}


def _began(run: PastRun) -> str:
    return run.started


def html(telling: Telling) -> Html:
    """The strips and the lines of cases: lists and a table, with scripts and without."""
    run = telling.report.run
    drawn = [
        _strip(name, runs, run.started if name == run.environment else "") for name, runs in strips(telling).items()
    ]
    alone = None
    if not telling.past.runs:
        alone = tag("p", FIRST)
    return joined([alone, *drawn, tag("p", LEGEND, class_="note"), tag("h3", "Cases run by run"), table(telling)])


def data(telling: Telling) -> list[list[dict[str, Any]]]:
    """What scripts tell of a run that is pointed at: one list a strip, in its order."""
    return [[_told(run) for run in runs] for runs in strips(telling).values()]


def _told(run: PastRun) -> dict[str, Any]:
    named = {
        kind: [one_line(case, NAME) for case in cases[:IDS]]
        for kind, cases in (("violated", run.violated), ("blind", run.blind))
    }
    more = {kind: max(0, run.totals.get(kind, 0) - len(cases)) for kind, cases in named.items()}
    return {
        "word": run.word, "started": run.started, "took": took(run.seconds * 1000), "commit": run.commit,
        "lanes": list(run.lanes), "totals": {state: n for state, n in run.totals.items() if n}, "url": address(run),
        "named": named, "more": more,
    }  # fmt: skip


def _strip(name: str, runs: list[PastRun], this: str) -> Html:
    heading = tag("h3", one_line(name, NAME), tag("span", f" {_counts(runs)}", class_="soft"))
    items = tag("ol", *(_item(run, run.started == this) for run in runs), class_="strip")
    label = f"Runs on {one_line(name, NAME)}, the newest last"
    return joined([heading, tag("div", items, class_="scrolls", tabindex="0", role="region", aria_label=label)])


def _counts(runs: list[PastRun]) -> str:
    words = [run.word for run in runs]
    counts = [f"{words.count(word)} {word}" for word in WORDS if word in words]
    return f"{counted(len(runs), 'run')}: {', '.join(counts)}"


def _item(run: PastRun, here: bool) -> Html:
    state = WORDS.get(run.word, "blind")
    return tag(
        "li",
        _bars(run),
        tag("span", SIGNS[state], class_="sign", aria_hidden="true"),
        tag("span", f"{'This run: ' if here else ''}{_said(run)}", class_="unseen"),
        data_state=state,
        data_here=here,
    )


def _said(run: PastRun) -> str:
    totals = ", ".join(f"{count} {state}" for state, count in run.totals.items() if count)
    return f"{run.word}, {spelt(run.started)}: {totals}"


def _bars(run: PastRun) -> Html:
    """How much was wrong, and on top of it how much was not seen."""
    wrong = run.totals.get("violated", 0)
    unseen = sum(run.totals.get(state, 0) for state in ("blind", "crashed", "missing"))
    low, high = _height(wrong), _height(unseen)
    parts = [
        tag("rect", x=2, y=HIGH - low, width=12, height=low, data_state="violated") if low else None,
        tag("rect", x=3, y=HIGH - low - high + 1, width=10, height=high - 2, data_state="blind") if high else None,
        tag("rect", x=2, y=HIGH - 1, width=12, height=1, class_="quiet") if not low and not high else None,
    ]
    return tag("svg", *parts, viewbox=f"0 0 16 {HIGH}", width=16, height=HIGH, class_="bars", aria_hidden="true")


def _height(count: int) -> int:
    """Half of the room at the most: two bars stand upon one another."""
    return min(HIGH // 2, round(6 + 4 * math.log10(count))) if count > 0 else 0


SECTION = Section(name="history", title="History", data=data, html=html, assets=("charts", "history"), stays=True)
