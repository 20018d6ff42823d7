"""Who may do what with which table, as the run saw it: from the access matrix that the trials leave, with everything
beside it that was found to be wrong, or otherwise than agreed on."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reports.page.plain_values import by_name, facts, mapped, reasons, rows
from reports.page.wrongs import COMMANDS, Mark, marks_of
from reports.telling import Telling

LEVELS = {"none": ".", "error": "e", "stopped": "?", "own": "o", "all": "a"}
"""What a cell of access.json says, as one letter; ``t`` is "own" of somebody who belongs to a tenant."""
STRENGTH = (
    "anon-bare", "anon", "stranger", "anonymous", "forged", "member", "member-A", "member-B", "owner-A-aal1", "admin",
    "admin-A", "admin-B", "owner", "owner-A", "owner-B", "both", "operator", "service_role",
)  # fmt: skip
"""Personas of the trials, from who is least to be trusted."""
ALWAYS = ("anon", "stranger")
"""These stand in the picture even where they may do nothing: that is what one wants to see."""
BELONGING = ("member", "admin", "owner", "both")
NOTHING = "...."
UNTRIED = " "
"""The letter of a command that nobody tried."""


class Rights(Struct, frozen=True, kw_only=True):
    """The picture. `why` says what is not known, or how it came about, in a sentence."""

    source: str
    """trials; outsiders: no more is known than what outsiders saw; or nothing."""
    why: str
    personas: tuple[str, ...] = ()
    tables: dict[str, dict[str, str]] = {}
    """Table -> persona -> four letters, one for each of `COMMANDS`; see `LEVELS`."""
    marks: tuple[Mark, ...] = ()
    unknown: tuple[str, ...] = ()
    """Why something of it is not known, each reason once."""
    agreed: str = ""
    """How it compares with what was agreed on, in a sentence."""
    functions: dict[str, tuple[str, ...]] = {}
    """Role -> functions that it may call."""

    def cell(self, table: str, persona: str) -> str:
        """Four letters. Whom a trial does not name may do nothing; of whom nobody asked, nothing is known."""
        return self.tables[table].get(persona, NOTHING if self.source == "trials" else UNTRIED * 4)

    def urgent(self) -> list[str]:
        """The tables with a mark, then those that outsiders may do anything with, in the order of their names."""
        marked = {mark.table for mark in self.marks}
        return [*sorted(marked), *sorted(name for name in self.tables if name not in marked and self.open(name))]

    def open(self, table: str) -> bool:
        """Whether somebody who has not signed up may do anything with it."""
        cells = self.tables.get(table, {})
        return any(set(cells.get(who, NOTHING)) & set("oa") for who in ("anon", "anon-bare"))


def rights(telling: Telling) -> Rights:
    """What is known of who may do what, from the observations of a run."""
    seen = by_name(telling.observations)
    marks = tuple(marks_of(seen))
    content = _enclosed(seen.get("served", ()))
    if content is not None:
        tried = _tried(content, marks, _agreed(seen))
        return replace(tried, unknown=tuple(reasons((*seen.get("attempted", ()), *seen.get("served", ())))))
    glimpses = [one for one in seen.get("glimpses", ()) if one.get("sight") == "seen"]
    if glimpses:
        return replace(_glimpsed(glimpses, marks), unknown=tuple(reasons(seen["glimpses"])))
    return Rights(source="nothing", why=_nothing(seen), marks=marks)


def _tried(content: Mapping[str, Any], marks: tuple[Mark, ...], agreed: str) -> Rights:
    told = {str(table): _people(people) for table, people in mapped(content.get("personas")).items()}
    told = _apart(told)
    marks = tuple(dict.fromkeys(_joined(mark, told) for mark in marks))
    names = {name for people in told.values() for name in people} | set(ALWAYS)
    names |= {mark.persona for mark in marks if mark.persona}
    marked = {mark.persona for mark in marks}
    if "anon-bare" not in marked and all(
        people.get("anon-bare", NOTHING) == people.get("anon", NOTHING) for people in told.values()
    ):
        names.discard("anon-bare")
    return Rights(
        source="trials",
        why="Tried on a throwaway database that the migrations made: everybody did everything to every table.",
        personas=_sorted(names),
        tables={**{mark.table: dict.fromkeys(names, UNTRIED * 4) for mark in marks}, **told},
        marks=marks,
        agreed=agreed,
        functions=_functions(mapped(content.get("privileges"))),
    )


def _bare_alike(people: Mapping[str, str]) -> bool:
    return people.get("anon-bare", NOTHING) == people.get("anon", NOTHING)


def _glimpsed(glimpses: Iterable[Mapping[str, Any]], marks: tuple[Mark, ...]) -> Rights:
    tables: dict[str, dict[str, str]] = {}
    for glimpse in facts(glimpses):
        letter = {"rows": "a", "unknown": "?"}.get(str(glimpse.get("answer")), ".")
        people = tables.setdefault(str(glimpse.get("relation")), {})
        who = str(glimpse.get("person"))
        people[who] = max(
            people.get(who, letter + UNTRIED * 3), letter + UNTRIED * 3, key=lambda cell: ".?a".find(cell[0])
        )
    return Rights(
        source="outsiders",
        why="Nobody tried everything in this run (the lanes migrations and drill do): this is what outsiders see of "
        "the environment's tables that are not public, reading.",
        personas=_sorted({who for people in tables.values() for who in people}),
        tables=tables,
        marks=marks,
    )


def _nothing(seen: Mapping[str, list[Mapping[str, Any]]]) -> str:
    for one in (*seen.get("served", ()), *seen.get("attempted", ()), *seen.get("glimpses", ())):
        if one.get("reason"):
            return f"It could not be tried who may do what: {one['reason']}"
    return "Nobody tried who may do what in this run: the lanes migrations and drill do."


def _agreed(seen: Mapping[str, list[Mapping[str, Any]]]) -> str:
    changes = seen.get("access_changes", [])
    if not changes:
        return ""
    if changes[0].get("sight") != "seen":
        return f"Not compared with what was agreed on: {changes[0].get('reason') or 'it could not be looked at'}."
    found = len(list(facts(changes)))
    if not found:
        return "What the migrations make is as agreed on in seatrial/access.json."
    return f"{found} {'cell is' if found == 1 else 'cells are'} not as agreed on in seatrial/access.json."


def _enclosed(served: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    for one in served:
        for enclosure in rows(mapped(one.get("facts")).get("enclosures")):
            if enclosure.get("file") == "access.json" and mapped(enclosure.get("content")).get("personas"):
                return mapped(enclosure["content"])
    return None


def _people(people: object) -> dict[str, str]:
    return {str(name): _cell(str(name), str(row)) for name, row in mapped(people).items()}


def _cell(persona: str, row: str) -> str:
    """``SELECT=own UPDATE=own`` as ``t.t.`` for a member, ``o.o.`` for others."""
    said = dict(part.partition("=")[::2] for part in row.split())
    letters = "".join(LEVELS.get(said.get(command, "none"), "?") for command in COMMANDS)
    return letters.replace("o", "t") if persona.partition("-")[0] in BELONGING else letters


def _apart(told: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Members of both sides stand apart everywhere as soon as they differ anywhere: a column means one thing."""
    names = {name for people in told.values() for name in people}
    for one in ("member", "admin", "owner"):
        sides = (f"{one}-A", f"{one}-B")
        if names & set(sides):
            for people in told.values():
                if one in people:
                    people |= dict.fromkeys(sides, people.pop(one))
    return told


def _joined(mark: Mark, told: Mapping[str, Mapping[str, str]]) -> Mark:
    """A mark of one side's member stands with the members of both, where these are one column."""
    one = mark.persona.removesuffix("-A").removesuffix("-B")
    apart = any(f"{one}-A" in people or f"{one}-B" in people for people in told.values())
    return mark if apart or one not in BELONGING else replace(mark, persona=one)


def _functions(privileges: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        role: tuple(sorted(name for name, held in privileges.items() if "EXECUTE" in str(mapped(held).get(role))))
        for role in ("anon", "authenticated")
    }


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    rank = {name: at for at, name in enumerate(STRENGTH)}
    return tuple(sorted(names, key=lambda name: (rank.get(name, len(STRENGTH) - 1.5), name)))
