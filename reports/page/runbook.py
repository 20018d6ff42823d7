"""The runbook, family by family: each promise with its state, what was seen, and what to do next.

Scripts draw it from the checks and cases. Without them there is everything that is not green, and a table of all.
"""

from collections.abc import Iterable, Iterator

from reports.blocks import Block, blocks, of
from reports.page.alike import together
from reports.page.cases import family_of
from reports.page.markup import Html, joined, tag
from reports.page.section import Section
from reports.page.states import SIGNS, badge
from reports.plain_text import cut, one_line, printable
from reports.telling import Telling
from reports.verdicts import Report, Verdict

BLOCKS = 100
SUBJECTS = 50
ROWS = 1_000  # a browser lays out all of them before it shows anything
TEXT = 4_000  # characters


def static(telling: Telling) -> Html:
    """Everything that is not green, then all cases in a table."""
    report = telling.report
    shown = together(blocks(report))
    more = [tag("p", f"and {len(shown) - BLOCKS:,} more, see verdicts.json")] if len(shown) > BLOCKS else []
    told = [*map(_block, shown[:BLOCKS]), *more]
    lists = [
        _list("Missing: expected in this lane, but without a verdict", map(_name, report.missing)),
        _list("Waived", (_waived(verdict) for verdict in of("waived", report.verdicts))),
        _list("Unsteady: verified, but not on the first look", (_name(v.id) for v in report.verdicts if v.unsteady)),
    ]
    return joined([*told, *lists, _table(report)])


def _block(block: Block) -> Html:
    first = block.first
    heading = tag("h3", badge(block.outcome), f" {block.severity} ", _title(block))
    parts = [tag("p", tag("strong", _said(block.message or "no reason was given")))]
    if block.outcome == "violated":
        parts += list(_violated(first))
    elif len(block.ids) > 1:
        parts.append(_items(block.ids))
    return tag("article", heading, *parts, id=first.id, class_="block", data_state=block.outcome)


def _title(block: Block) -> str:
    entries = " ".join(dict.fromkeys(entry for verdict in block.verdicts for entry in verdict.runbook))
    name = one_line(block.first.id, TEXT) if len(block.ids) == 1 else f"{len(block.ids)} cases"
    return f"{name} {one_line(entries, 200)}"


def _violated(verdict: Verdict) -> Iterator[Html]:
    if verdict.promise:
        yield tag("p", "Promise: ", _said(verdict.promise))
    if verdict.subjects:
        yield _items(verdict.subjects)
    steps = (("Means", verdict.means), ("Confirm", verdict.confirm), ("Contain", verdict.contain), ("Fix", verdict.fix))
    rows = [joined([tag("dt", name), tag("dd", tag("pre", _said(text)))]) for name, text in steps if text]
    if rows:
        yield tag("dl", *rows, class_="steps")


def _items(texts: Iterable[str]) -> Html:
    texts = list(texts)
    rows = [tag("li", tag("code", one_line(text, 500))) for text in texts[:SUBJECTS]]
    rest = len(texts) - SUBJECTS
    return tag("ul", *rows, tag("li", f"and {rest:,} more, see verdicts.json") if rest > 0 else None, class_="items")


def _list(title: str, rows: Iterable[Html]) -> Html | None:
    items = [tag("li", row) for row in rows]
    if not items:
        return None
    rest = len(items) - BLOCKS
    more = tag("li", f"and {rest:,} more, see verdicts.json") if rest > 0 else None
    return tag("div", tag("h3", title), tag("ul", *items[:BLOCKS], more, class_="items"))


def _name(case: str) -> Html:
    return tag("code", one_line(case, 500))


def _waived(verdict: Verdict) -> Html:
    waiver = verdict.waiver
    if waiver is None:
        return joined([_name(verdict.id), " ", _said(verdict.message)])
    subjects = ", ".join(one_line(subject, 200) for subject in waiver.subjects[:SUBJECTS])
    return joined([_name(verdict.id), f" until {waiver.until}: {subjects} ({_said(waiver.reason)})"])


def _table(report: Report) -> Html | None:
    """Every case, in the order of the families; for those who print, and those without scripts."""
    if not report.verdicts:
        return None
    ordered = sorted(report.verdicts, key=family_of)
    rows = [tag("tr", *_row(verdict), data_state=verdict.outcome) for verdict in ordered[:ROWS]]
    heads = tag("tr", *(tag("th", name, scope="col") for name in ("Family", "Case", "Outcome", "Severity")))
    rest = len(ordered) - ROWS
    more = tag("p", f"and {rest:,} more, see verdicts.json") if rest > 0 else None
    table = tag("table", tag("thead", heads), tag("tbody", *rows))
    return tag("div", tag("h3", "All cases"), tag("div", table, class_="scrolls"), more, class_="all")


def _row(verdict: Verdict) -> Iterator[Html]:
    yield tag("td", family_of(verdict).replace("_", " "))
    yield tag("th", one_line(verdict.id, 300), scope="row")
    yield tag("td", f"{SIGNS[verdict.outcome]} {verdict.outcome}", class_="outcome")
    yield tag("td", verdict.severity)


def _said(text: str) -> str:
    return cut(printable(text), TEXT)


SECTION = Section(
    name="runbook",
    title="Runbook",
    data=lambda telling: None,
    html=static,
    assets=("runbook", "promise", "evidence", "filters", "keys", "first"),
)
