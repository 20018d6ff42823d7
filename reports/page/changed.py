"""What is otherwise than in the previous run of this environment."""

from collections.abc import Iterator

from reports.page.broke import link
from reports.page.instants import when
from reports.page.markup import Html, joined, tag
from reports.page.runs import address
from reports.page.states import SIGNS, WORDS
from reports.past.changes import Change, Changes
from reports.past.history import PastRun
from reports.plain_text import one_line
from reports.telling import Telling

SHOWN = 6  # cases of a group
COMMIT = 7
GROUPS = (
    ("new", "newly violated", "violated"),
    ("still", "still violated", "violated"),
    ("unseen", "no longer seen", "blind"),
    ("waived", "now waived", "waived"),
    ("unasked", "no longer looked for", "inapplicable"),
    ("mended", "mended", "verified"),
    ("seen", "seen again", "verified"),
)
"""Group of changes, what it is called, and the outcome whose sign and colour it has."""


def what_changed(telling: Telling) -> Html:
    """The previous run, and the cases that are otherwise than then."""
    told = telling.changes
    if telling.report.run.replayed:
        nothing = "A replay is compared with nothing: other runs may have looked later than what it judges."
        return tag("div", tag("h2", "What changed"), tag("p", nothing, class_="soft"), class_="changed")
    if told.previous is None:
        nothing = "No earlier run of this environment is known: history.json keeps this one for the next."
        return tag("div", tag("h2", "What changed"), tag("p", nothing, class_="soft"), class_="changed")
    heading = tag("h2", "Since the previous run")
    groups = list(_groups(told))
    shown = tag("ul", *groups) if groups else tag("p", "Nothing changed.")
    return tag("div", heading, tag("p", *_previous(told.previous), class_="soft"), shown, class_="changed")


def _previous(run: PastRun) -> Iterator[Html | str]:
    yield when(run.started)
    if run.commit:
        yield joined([" · ", tag("code", one_line(run.commit)[:COMMIT])])
    word = tag("strong", SIGNS[WORDS.get(run.word, "blind")], " ", one_line(run.word, 20))
    place = address(run)
    yield joined([" · ", tag("a", word, href=place) if place else word])


def _groups(told: Changes) -> Iterator[Html]:
    for name, title, state in GROUPS:
        group: tuple[Change, ...] = getattr(told, name)
        if name == "seen":  # some are well only because they are accepted, or no longer asked for
            parts = {
                now: tuple(one for one in group if one.now == now) for now in ("verified", "waived", "inapplicable")
            }
        else:
            parts = {state: group}
        for now, part in parts.items():
            if part:
                yield _group(name, title if now == state else f"now {now}", now, part)


def _group(name: str, title: str, state: str, group: tuple[Change, ...]) -> Html:
    links = joined([link(change.case) for change in group[:SHOWN]], ", ")
    rest = len(group) - SHOWN
    more = tag("a", f" and {rest:,} more", href=f"#change={name}") if rest > 0 else None
    heading = tag("strong", f"{len(group):,} {title}")
    return tag(
        "li",
        tag("span", SIGNS[state], class_="sign", aria_hidden="true"),
        " ",
        heading,
        ": ",
        links,
        more,
        data_state=state,
    )
