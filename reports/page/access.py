"""Who may do what: tables and people as a picture, with what is wrong in it, or not as agreed on."""

from collections.abc import Iterator
from typing import Any

from reports.page.amounts import counted
from reports.page.markup import Html, joined, tag
from reports.page.rights import UNTRIED, Rights, rights
from reports.page.section import Section
from reports.page.wrongs import COMMANDS, Mark
from reports.plain_text import joined as joined_words
from reports.plain_text import one_line
from reports.telling import Telling

WHOLE = 40
"""Tables up to which the text without scripts has them all; of more it has the urgent ones."""
LONGEST = 300  # characters of a name or a sentence
FUNCTIONS = 200  # of a role
MARKS = 3_000
NAMED = 5  # tables that a sentence names
PEOPLE = {
    "anon-bare": "anybody, without a token",
    "anon": "anybody, with the publishable key",
    "stranger": "has signed up and belongs to no tenant",
    "anonymous": "signed in anonymously",
    "forged": "signed up with a tenant written into their own user_metadata",
    "member": "a member of a tenant",
    "owner-A-aal1": "an owner who signed in with one factor",
    "admin": "an admin of a tenant",
    "owner": "an owner of a tenant",
    "both": "a member of two tenants",
    "operator": "the platform's own administrator",
    "service_role": "the backend, with the secret key",
}
WORDS = {"o": "own rows", "t": "rows of their tenant", "a": "all rows", "e": "fails", "?": "not known"}
KINDS = {
    "trespass": "rows of another tenant",
    "seen": "rows that are not public",
    "fails": "fails for everybody",
    "changed": "not as agreed on",
    "blind": "could not be judged",
}
VERBS = ("reads", "inserts", "changes", "deletes")


def data(telling: Telling) -> dict[str, Any]:
    """The picture for scripts.

    told (sentences); people ({name, is}); tables ([name, [four letters for each of the people]]); urgent (names, in
    the order in which they come first); marks ([table, persona, command, kind, sentence]); functions by role.
    """
    seen = rights(telling)
    names = {name: one_line(name, LONGEST) for name in seen.tables}
    return {
        "told": [one_line(sentence, LONGEST) for sentence in told(seen)],
        "people": [{"name": one_line(who, LONGEST), "is": _is(who)} for who in seen.personas],
        "tables": [[names[table], [seen.cell(table, who) for who in seen.personas]] for table in sorted(seen.tables)],
        "urgent": [names[table] for table in seen.urgent()],
        "marks": [_told(mark) for mark in seen.marks[:MARKS]],
        "functions": {
            role: [one_line(name, LONGEST) for name in some[:FUNCTIONS]] for role, some in seen.functions.items()
        },
    }


def told(seen: Rights) -> Iterator[str]:
    """What the picture says, in sentences, the worst first."""
    wrong = sorted({mark.table for mark in seen.marks if mark.kind in ("trespass", "seen")})
    if wrong:
        yield f"On {counted(len(wrong), 'table')} people reach rows not meant for them: {joined_words(wrong, NAMED)}."
    elif seen.source == "trials":
        yield "Nobody was found to reach a row of a tenant that they do not belong to."
    elif seen.source == "outsiders":
        yield "Outsiders were not found to see a row that is not public."
    for reason in seen.unknown[:NAMED]:
        yield f"Not everything is known: {reason}"
    if seen.agreed:
        yield seen.agreed
    public = [table for table in sorted(seen.tables) if seen.open(table) and table not in wrong]
    if public:
        yield f"Open to anybody: {joined_words(public, NAMED)}."
    yield seen.why


def static(telling: Telling) -> Html:
    """The picture as words: all of it when it is small, else what is wrong and what outsiders may do."""
    seen = rights(telling)
    said = joined(tag("p", one_line(sentence, LONGEST)) for sentence in told(seen))
    if not seen.tables:
        return said
    shown = sorted(seen.tables) if len(seen.tables) <= WHOLE else seen.urgent()[:WHOLE]
    return joined([said, _marks(seen.marks), _left_out(seen, shown), _table(seen, shown) if shown else None])


def _left_out(seen: Rights, shown: list[str]) -> Html | None:
    left = len(seen.tables) - len(shown)
    if not left:
        return None
    return tag(
        "p",
        f"Of {counted(len(seen.tables), 'table')} these are the {len(shown)} with something wrong in them, or that "
        f"outsiders may do something with; access.json has the other {left:,}.",
    )


def _marks(marks: tuple[Mark, ...]) -> Html | None:
    said = list(dict.fromkeys(f"{mark.table}: {mark.says}" for mark in marks))
    items = [tag("li", one_line(sentence, LONGEST)) for sentence in said[:WHOLE]]
    more = tag("li", f"and {len(said) - WHOLE} more") if len(said) > WHOLE else None
    return tag("ul", *items, more) if items else None


def _table(seen: Rights, shown: list[str]) -> Html:
    caption = "Tables and people"
    heads = tag(
        "tr",
        tag("th", "Table", scope="col"),
        *(tag("th", one_line(who, LONGEST), scope="col") for who in seen.personas),
    )
    rows = [
        tag(
            "tr",
            tag("th", one_line(table, LONGEST), scope="row"),
            *(tag("td", _words(seen.cell(table, who), _wrong(seen, table, who))) for who in seen.personas),
        )
        for table in shown
    ]
    table = tag("table", tag("caption", caption), tag("thead", heads), tag("tbody", *rows))
    return tag("div", table, class_="scrolls", tabindex="0", role="region", aria_label=caption)


def _wrong(seen: Rights, table: str, persona: str) -> list[str]:
    """What is wrong with this cell, in words: ``reads: rows of another tenant``."""
    mine = [mark for mark in seen.marks if mark.table == table and mark.persona in ("", persona)]
    verbs = dict(zip(COMMANDS, VERBS, strict=True))
    told = [f"{verbs[mark.command]}: {KINDS[mark.kind]}" if mark.command else KINDS[mark.kind] for mark in mine]
    return list(dict.fromkeys(told))


def _words(cell: str, wrong: list[str]) -> str:
    """``t.t.`` as ``reads, changes: rows of their tenant``, after what is wrong."""
    verbs: dict[str, list[str]] = {}
    for letter, verb in zip(cell, VERBS, strict=False):
        if letter in WORDS:
            verbs.setdefault(WORDS[letter], []).append(verb)
    held = [f"{', '.join(some)}: {whose}" for whose, some in verbs.items()]
    return "; ".join([*(sentence.upper() for sentence in wrong), *held]) or (
        "not tried" if set(cell) == {UNTRIED} else "nothing"
    )


def _is(persona: str) -> str:
    return PEOPLE.get(persona) or PEOPLE.get(persona.partition("-")[0], "")


def _told(mark: Mark) -> list[Any]:
    command = COMMANDS.index(mark.command) if mark.command else -1
    return [
        one_line(mark.table, LONGEST),
        one_line(mark.persona, LONGEST),
        command,
        mark.kind,
        one_line(mark.says, LONGEST),
    ]


SECTION = Section(name="access", title="Who may do what", data=data, html=static, assets=("charts", "access"))
