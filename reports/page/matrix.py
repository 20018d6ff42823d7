"""Environments beside one another, family by family: what each was found to be when it was last looked at."""

from urllib.parse import quote

from msgspec import Struct

from reports.page.amounts import counted
from reports.page.cases import OUTSIDE
from reports.page.instants import spelt
from reports.page.markup import Html, joined, tag
from reports.page.runs import address, worst
from reports.page.section import Section
from reports.page.states import SIGNS, WORDS
from reports.past.changes import UNSEEN
from reports.past.history import PastRun
from reports.past.remembering import past_run
from reports.plain_text import one_line
from reports.telling import Telling

MOST = 24
"""Environments that are drawn, the newest first; previews come and go."""
NAME = 80  # characters
QUIET = ("verified", "waived", "inapplicable")


class Column(Struct, frozen=True, kw_only=True):
    """One environment: its newest run, and by family the newest run in which that family was looked at."""

    newest: PastRun
    by_family: dict[str, PastRun]
    here: bool
    """It is the environment of this report, and `newest` this very run."""


def columns(telling: Telling) -> list[Column]:
    """This run's environment first, then the others, the newest first."""
    mine = past_run(telling)
    runs = [
        mine,
        *(run for run in telling.past.runs if run.started != mine.started or run.environment != mine.environment),
    ]
    found: dict[str, list[PastRun]] = {}
    for run in runs:
        found.setdefault(run.environment, []).append(run)
    return [_column(of_one, of_one[0] is mine) for of_one in found.values()]


def _column(runs: list[PastRun], here: bool) -> Column:
    by_family: dict[str, PastRun] = {}
    for run in runs:
        for family, counts in run.families.items():
            if sum(counts.values()):
                by_family.setdefault(family, run)
    return Column(newest=runs[0], by_family=by_family, here=here)


def html(telling: Telling) -> Html:
    """The picture is a table, with scripts and without; these only tell its times as ages, and make it choose."""
    all_of_them = columns(telling)
    shown = all_of_them[:MOST]
    names = {family for column in shown for family in column.by_family} | {check.family for check in telling.runbook}
    if not names:
        return tag("p", "There is no matrix: this run has no verdicts, and no earlier run is known.")
    heads = tag("tr", tag("th", "Family", scope="col"), *map(_head, shown))
    rows = [
        tag("tr", tag("th", _words(family), scope="row"), *(_cell(column, family) for column in shown))
        for family in sorted(names)
    ]
    caption = "The worst outcome of each family of promises, and how many of its cases came to that"
    table = tag(
        "table", tag("caption", caption, class_="unseen"), tag("thead", heads), tag("tbody", *rows), class_="matrix"
    )
    return joined([
        tag("div", table, class_="scrolls", tabindex="0", role="region", aria_label="Families of each environment"),
        tag("p", *_notes(all_of_them), class_="note"),
    ])  # fmt: skip


def _notes(all_of_them: list[Column]) -> list[str]:
    notes = []
    if len(all_of_them) == 1:
        notes.append("Only this environment: no run of another one is known. Keep history.json from run to run. ")
    if len(all_of_them) > MOST:
        notes.append(f"{len(all_of_them) - MOST} environments that were looked at earlier are left out. ")
    if any(run is not column.newest for column in all_of_them[:MOST] for run in column.by_family.values()):
        notes.append("Hatched: an earlier run saw it, and the newest one of that environment did not look.")
    return notes


def _head(column: Column) -> Html:
    run = column.newest
    state = WORDS.get(run.word, "blind")
    sign = tag("span", SIGNS[state], class_="sign", aria_hidden="true")
    name = tag("span", one_line(run.environment, NAME), class_="environment")
    word = tag("span", sign, run.word, class_="badge", data_state=state)
    when = tag("span", "this run", class_="dated") if column.here else _age(run)
    return tag("th", name, word, when, scope="col", data_here=column.here)


def _cell(column: Column, family: str) -> Html:
    """A cell leads to what it counts: into this page, or to the report of that run, if it is known where that is."""
    run = column.by_family.get(family)
    if run is None:
        return tag("td", tag("span", "not looked at", class_="unlooked"), data_state="not-run")
    if run is not column.newest:
        return _older(column.newest, run, family)
    counts = run.families[family]
    href = f"#runbook&family={quote(one_line(family) or OUTSIDE)}" if column.here else address(run)
    return tag("td", _linked(_count(counts), href), data_state=worst(counts))


def _older(newest: PastRun, run: PastRun, family: str) -> Html:
    """What the newest run did not look at is not green, whatever an earlier one saw; what was violated stays so."""
    counts = run.families[family]
    state = worst(counts)
    due = not newest.lanes or set(run.lanes) <= set(newest.lanes)
    unseen = due and newest.word == "CANNOT SEE"
    if state != "violated":
        state = "blind" if unseen else "not-run" if state in QUIET else state
    sign = tag("span", SIGNS[state], class_="sign", aria_hidden="true")
    now = tag("span", sign, " not seen now; then:" if unseen else " not looked at now; then:", class_="beside")
    return tag("td", now, _linked(_count(counts), address(run)), _age(run), data_state=state, data_older=True)


def _linked(shown: Html, href: str | None) -> Html:
    return tag("a", shown, href=href, rel=None if href.startswith("#") else "noreferrer") if href else shown


def _count(counts: dict[str, int]) -> Html:
    state = worst(counts)
    total = sum(counts.values())
    sign = tag("span", SIGNS[state], class_="sign", aria_hidden="true")
    word = tag("span", state.replace("-", " "), class_="word")
    number = counts.get(state, total)  # of another version, which knew other outcomes: no more than that it looked
    of = tag("span", f" of {total:,}", class_="of") if number != total else None
    return joined([tag("span", sign, f" {number:,} ", word, of, class_="worst"), _beside(state, counts)])


def _beside(state: str, counts: dict[str, int]) -> Html | None:
    """What else was not seen: beside a broken promise, how many others nobody could look at."""
    unseen = {each: counts[each] for each in UNSEEN if counts.get(each) and each != state}
    if not unseen:
        return None
    said = ", ".join(f"{SIGNS[each]} {number:,} {each}" for each, number in unseen.items())
    return tag("span", f"and {said}", class_="beside")


def _age(run: PastRun) -> Html:
    looked = f"{spelt(run.started)}, {', '.join(run.lanes) or 'all lanes'}, {counted(sum(run.totals.values()), 'case')}"
    return tag("time", spelt(run.started), datetime=run.started, title=one_line(looked), class_="dated")


def _words(family: str) -> str:
    return one_line((family or OUTSIDE).replace("_", " "), NAME)


def data(telling: Telling) -> None:
    """The table is all there is: scripts only tell its times as ages."""


SECTION = Section(
    name="matrix", title="Environments and families", data=data, html=html, assets=("charts", "matrix"), stays=True
)
