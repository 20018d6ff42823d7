"""What broke, most urgent first, since when, and the first step."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from reports.blocks import Block
from reports.page.instants import when
from reports.page.markup import Html, joined, tag
from reports.page.remedy import containing, judging, seeing
from reports.page.states import badge
from reports.past.changes import as_known, began
from reports.plain_text import cut, one_line, printable
from reports.plain_text import joined as listed
from reports.telling import Telling
from reports.verdicts import Report

SHOWN = 5  # blocks and the missing cases
NARROW = 3  # of them on a phone
SUBJECTS = 3
LONGEST = 300  # characters of a message
STEP = 4_000  # characters of a first step


def what_broke(telling: Telling, blocks: Sequence[Block]) -> Iterator[Html]:
    """The most urgent blocks, with how many there are besides."""
    report = telling.report
    if not blocks and not report.missing:
        yield from _nothing(report)
        return
    yield tag("h2", _title(report, blocks))
    since = _since(telling)
    rows = [joined(_block(block, since)) for block in blocks[:SHOWN]]
    rows += [joined(_missing(report))] if report.missing else []
    items = [tag("li", row, class_=None if at < NARROW else "wide") for at, row in enumerate(rows)]
    yield tag("ol", *items, class_="blocks")
    yield from _more(len(blocks) + bool(report.missing), len(rows))


def first_step(report: Report, blocks: Sequence[Block]) -> Html | None:
    """What to do now: contain the first broken promise; else what the first reason for not seeing asks for."""
    violated = [block.first for block in blocks if block.outcome == "violated"]
    if violated and violated[0].contain:
        first = violated[0]
        subjects = f", for {listed(first.subjects, SUBJECTS)}" if first.subjects else ""
        command, remark = containing(first)
        return _step(one_line(f"Contain {first.id}{subjects}", LONGEST), command, remark, copied=True)
    if blocks:
        return _step("Mend what hides it, then look again", seeing(blocks[0]))
    if report.missing:
        return _step(
            "Find out why it has no verdict", "Run the lane again, whole, and read what pytest says about this file."
        )
    if report.run.word != "GO":
        return _step("Mend what kept it from judging, then look again", judging(report))
    return None


def link(case: str, text: str | None = None) -> Html:
    """A case's name, which leads to it."""
    return tag("a", one_line(text or case, LONGEST), href=f"#{quote(one_line(case), safe='[]')}", class_="case")


def _nothing(report: Report) -> Iterator[Html]:
    yield tag("h2", "What broke")
    held = report.totals["verified"]
    if not held:
        yield tag("p", "Nothing was verified, so nothing is known: neither good nor bad.")
        return
    yield tag("p", f"Nothing. {held:,} {'case was' if held == 1 else 'cases were'} looked at and held.")
    waived = [verdict.waiver.until for verdict in report.verdicts if verdict.waiver]
    if waived:
        yield tag("p", f"Accepted as they are: {len(waived):,}, the first until {min(waived)}.")
    unsteady = sum(verdict.unsteady for verdict in report.verdicts)
    if unsteady:
        yield tag("p", f"Not on the first look: {unsteady:,}.")


def _more(all_of_them: int, shown: int) -> Iterator[Html]:
    """How many more there are, on a wide screen and on a phone."""
    for kind, rest in (("wide", all_of_them - shown), ("narrow", all_of_them - min(shown, NARROW))):
        if rest > 0:
            yield tag("p", tag("a", f"and {rest:,} more", href="#runbook"), class_=kind)


def _title(report: Report, blocks: Sequence[Block]) -> str:
    return "What broke" if report.totals["violated"] else "What could not be seen"


def _block(block: Block, since: dict[str, str]) -> Iterator[Html]:
    first = block.first
    name = link(first.id) if len(block.ids) == 1 else joined([link(first.id), f" and {len(block.ids) - 1:,} more"])
    yield tag("p", badge(block.outcome), " ", tag("strong", block.severity), " ", name, class_="what")
    yield tag("p", one_line(block.message or "no reason was given", LONGEST), class_="message")
    if block.outcome == "violated" and first.subjects:
        yield tag("p", tag("code", one_line(listed(first.subjects, SUBJECTS), LONGEST)), class_="subjects")
    if first.id in since:
        yield tag("p", f"{block.outcome} since ", when(since[first.id]), class_="soft since")


def _missing(report: Report) -> Iterator[Html]:
    more = len(report.missing) - 1
    yield tag("p", badge("missing"), " ", link(report.missing[0]), f" and {more:,} more" if more else "", class_="what")
    yield tag("p", "expected in this lane, but without a verdict", class_="message")


def _since(telling: Telling) -> dict[str, str]:
    """Case -> when its outcome began, of those that had it before this run."""
    known = as_known(telling.past, telling.report)
    verdicts = telling.report.verdicts
    rows = ((verdict.id, began(known.get(verdict.id), verdict.outcome)) for verdict in verdicts)
    return {case: same.since for case, same in rows if same}


def _step(title: str, text: str, remark: str = "", copied: bool = False) -> Html:
    text = cut(printable(text), STEP)
    shown = tag("pre", text, data_copy=text if copied else None, tabindex="0", role="group", aria_label=title)
    said = tag("p", one_line(remark, LONGEST)) if remark else None
    return tag("div", tag("h2", "The first step"), tag("p", title, class_="soft"), shown, said, class_="step")
