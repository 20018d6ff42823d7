"""The first screen: what a person who was just paged understands in five seconds."""

from collections.abc import Iterable

from reports.blocks import blocks
from reports.closing_line import advice
from reports.page.alike import together
from reports.page.broke import first_step, what_broke
from reports.page.changed import what_changed
from reports.page.instants import when
from reports.page.markup import Html, joined, tag
from reports.page.section import Section
from reports.page.states import SIGNS, WORDS, badge
from reports.plain_text import one_line
from reports.telling import Telling
from reports.verdicts import OUTCOMES, Report, Run

COMMIT = 12  # characters of a commit that are shown
NOTES = 20
LONGEST = 2_000  # characters of a note


def heads(telling: Telling, sections: Iterable[Section]) -> Html:
    """What stands above the sections."""
    return joined([
        tag("a", "Skip to the runbook", class_="skip", href="#main"),
        tag("p", id="said", class_="unseen", role="status", aria_live="polite"),
        _first(telling),
        _nav(sections),
    ])  # fmt: skip


def _first(telling: Telling) -> Html:
    report = telling.report
    shown = together(blocks(report))
    about = [
        tag("div", *what_broke(telling, shown), class_="broke"),
        tag("div", first_step(report, shown), what_changed(telling), class_="next"),
    ]
    word = WORDS[report.run.word]
    return tag(
        "header", _word(telling), tag("div", *about, class_="about"), _notes(report), id="first", data_state=word
    )


def _word(telling: Telling) -> Html:
    report, run = telling.report, telling.report.run
    sign = tag("span", SIGNS[WORDS[run.word]], class_="sign", aria_hidden="true")
    return tag(
        "div",
        tag("h1", sign, tag("span", run.word, class_="word")),
        tag("p", _sentence(advice(report)), class_="advice"),
        _facts(run, telling.url),
        tag("ul", *_counts(report), class_="counts", aria_label="Cases by outcome"),
        tag("p", class_="age needs-script", hidden=True),
        class_="verdict",
    )


def _facts(run: Run, url: str | None) -> Html:
    rows: list[tuple[str, Html | str]] = [("Environment", one_line(run.environment))]
    rows += [("Kind", run.kind)] if run.kind != run.environment else []
    rows += [("Lanes", ", ".join(map(one_line, run.lanes)) or "all")]
    rows += [("Commit", _commit(run.commit))] if run.commit else []
    rows += [("Shard", run.shard)] if run.shard else []
    rows += [
        (f"{'Replayed, looked' if run.replayed else 'Looked'} at", when(run.started)),
        ("Took", f"{run.seconds:.1f} s"),
    ]
    rows += [("Online", tag("a", "this report", href=url))] if url else []
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in rows), class_="facts")


def _commit(commit: str) -> Html:
    commit = one_line(commit, 200)
    return tag("code", commit[:COMMIT], data_copy=commit, title=commit)


def _counts(report: Report) -> list[Html]:
    counts: dict[str, int] = {outcome: report.totals[outcome] for outcome in OUTCOMES}
    counts["missing"] = len(report.missing)
    always = ("violated", "blind", "verified")
    return [
        tag("li", badge(state, counts[state]), class_=None if counts[state] else "none")
        for state in SIGNS
        if counts.get(state) or state in always
    ]


def _notes(report: Report) -> Html | None:
    """What the run has to say about itself: first of all why it ended early."""
    notes = [*filter(None, (report.run.reason, *report.run.notes))]
    if not notes:
        return None
    shown = [tag("li", one_line(note, LONGEST)) for note in notes[:NOTES]]
    more = [tag("li", f"and {len(notes) - NOTES} more, see verdicts.json")] if len(notes) > NOTES else []
    return tag("div", tag("h2", "Notes of this run"), tag("ul", *shown, *more), class_="notes")


def _nav(sections: Iterable[Section]) -> Html:
    links = [tag("a", section.title, href=f"#{section.name}") for section in sections]
    theme = tag("button", "Dark", type="button", id="theme", class_="needs-script", aria_pressed="false")
    keys = tag("button", "Keys", type="button", id="keys-open", class_="needs-script", aria_haspopup="dialog")
    return tag("nav", tag("a", "Top", href="#first"), *links, theme, keys, aria_label="Parts of this report")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
