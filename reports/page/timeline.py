"""Where the time went: every look of the run, when it began, how long it took, and who waited for it."""

from collections.abc import Iterable
from typing import Any

from reports.page.amounts import counted, took
from reports.page.looks import SEEN, Look, Times, times
from reports.page.markup import Html, joined, tag
from reports.page.section import Section
from reports.plain_text import cut, one_line
from reports.telling import Telling

SHOWN = 15
"""Rows of the table that stands there without scripts: the slowest, and as many of those that saw nothing."""
LONGEST = 400  # characters of a reason
ASKED = 40  # questions that a row names
CHECKS = 100  # cases that a row names
STATES = {"seen": "verified", "unobservable": "blind", "inapplicable": "inapplicable", "crashed": "crashed"}
"""What became of a look, as the outcome whose sign and colour it has."""
WORDS = {"seen": "seen", "unobservable": "not seen", "inapplicable": "inapplicable", "crashed": "crashed"}


def data(telling: Telling) -> dict[str, Any]:
    """The rows for scripts: started, again, end, told (sentences), looks and never.

    A look: name, asked, more (of them), count, state (an outcome), word, reason, at, ms, waited, attempts, needs,
    checks, cases (how many). Empty fields are left out.
    """
    seen = times(telling)
    return {
        "started": seen.started,
        "end": seen.end,
        "told": list(told(telling, seen)),
        "looks": [_row(look) for look in seen.looks],
        "never": [_row(look) for look in seen.never],
    }


def told(telling: Telling, seen: Times) -> Iterable[str]:
    """What the picture says, in sentences; what is not known is said too."""
    if not seen.looks and not seen.never:
        yield _nothing(telling)
        return
    if seen.again:
        yield f"Judged again: this was seen by the run that began {_day(seen.started)}."
    looks = sum(look.count for look in seen.looks)
    spent = sum(look.ms for look in seen.looks)
    share = f", {spent / seen.end:.1f} at once on average" if seen.end > 0 else ""
    yield f"{counted(looks, 'look')} in {took(seen.end)}: {counted(len(seen.looks), 'piece')} of work{share}."
    slow = seen.slowest(1)
    if slow:
        yield f"Slowest: {_named(slow[0])}, {took(slow[0].ms)}{_for_whom(slow[0])}."
    chain = seen.chain()
    if chain:
        before = "".join(f", after {_named(look)} ({took(look.ms)})" for look in reversed(chain[:-1]))
        yield f"Last to answer: {_named(chain[-1])}, {took(chain[-1].ms)}{before}."
    blind = [look for look in (*seen.looks, *seen.never) if look.sight not in (SEEN, "inapplicable")]
    if blind:
        yield f"{counted(sum(look.count for look in blind), 'look')} saw nothing."
    again = [look for look in seen.looks if look.attempts > 1]
    if again:
        yield f"{counted(len(again), 'look')} needed more than one attempt."


def static(telling: Telling) -> Html:
    """The sentences, the slowest, and what saw nothing."""
    seen = times(telling)
    said = joined(tag("p", sentence) for sentence in told(telling, seen))
    blind = [look for look in (*seen.never, *seen.looks) if look.sight not in (SEEN, "inapplicable")]
    return joined([
        said,
        _table(f"The slowest of {counted(len(seen.looks), 'piece')} of work", seen.slowest(SHOWN)),
        _table("What saw nothing", blind[:SHOWN]),
        tag("p", f"{len(blind) - SHOWN} more saw nothing.") if len(blind) > SHOWN else None,
    ])  # fmt: skip


def _nothing(telling: Telling) -> str:
    if telling.report.verdicts:
        return "There is no timeline: this run kept no observations."
    return "There is no timeline: nothing was looked at before the run ended."


def _row(look: Look) -> dict[str, Any]:
    row = {
        "name": look.name,
        "asked": [one_line(asked, LONGEST) for asked in look.asked[:ASKED]],
        "more": max(0, len(look.asked) - ASKED),
        "count": look.count if look.count > 1 else 0,
        "state": STATES.get(look.sight, "crashed"),
        "word": WORDS.get(look.sight, "crashed"),
        "reason": cut(one_line(look.reason), LONGEST),
        "waited": look.waited,
        "attempts": look.attempts if look.attempts > 1 else 0,
        "needs": list(look.needs),
        "checks": [one_line(case, LONGEST) for case in look.checks[:CHECKS]],
        "cases": len(look.checks),
    }
    return {name: value for name, value in row.items() if value} | {"at": look.at, "ms": look.ms}


def _table(caption: str, looks: list[Look]) -> Html | None:
    if not looks:
        return None
    heads = tag(
        "tr", *(tag("th", name, scope="col") for name in ("Look", "Began after", "Took", "Came to", "Waited for it"))
    )
    rows = [
        tag(
            "tr",
            tag("th", _named(look), scope="row"),
            tag("td", took(look.at)),
            tag("td", took(look.ms)),
            tag("td", _came_to(look)),
            tag("td", counted(len(look.checks), "case") if look.checks else "no case"),
        )
        for look in looks
    ]
    table = tag("table", tag("caption", caption), tag("thead", heads), tag("tbody", *rows))
    return tag("div", table, class_="scrolls", tabindex="0", role="region", aria_label=caption)


def _came_to(look: Look) -> str:
    why = f": {one_line(look.reason, LONGEST)}" if look.reason else ""
    again = f", {look.attempts} attempts" if look.attempts > 1 else ""
    return WORDS.get(look.sight, "crashed") + why + again


def _named(look: Look) -> str:
    if look.count > 1:
        return f"{look.name} ({look.count} looks)"
    return one_line(" ".join((look.name, *look.asked)), 80)


def _for_whom(look: Look) -> str:
    return f"; {counted(len(look.checks), 'case')} waited for it" if look.checks else ""


def _day(started: str) -> str:
    return f"{started[:10]} at {started[11:19]} UTC"


SECTION = Section(
    name="timeline", title="Where the time went", data=data, html=static, assets=("charts", "timeline")
)  # fmt: skip
