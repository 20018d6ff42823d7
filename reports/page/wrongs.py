"""What is wrong with who may do what, or otherwise than agreed on: by table, persona and command."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from reports.page.plain_values import facts, listed, mapped, rows

Seen = Mapping[str, list[Mapping[str, Any]]]
"""Observations by name."""
COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")


class Mark(Struct, frozen=True, kw_only=True):
    """Something about a cell. `command` is one of `COMMANDS`, or empty when it is about the whole of the row.

    `kind`: trespass (a row of another tenant's), seen (rows seen in the environment itself), fails (an error for
    everybody), blind (it could not be judged), changed (not as agreed on). `persona` is empty when it is about all.
    """

    table: str
    persona: str
    command: str
    kind: str
    says: str


def marks_of(seen: Seen) -> Iterator[Mark]:
    """Everything that the observations say of single cells; `seen` has them by name."""
    yield from _trespasses(seen)
    yield from _failing(seen)
    for change in facts(seen.get("access_changes", ())):
        yield _mark(change, change.get("persona"), str(change.get("command")), "changed", str(change.get("says")))
    for glimpse in facts(seen.get("glimpses", ())):
        if glimpse.get("answer") == "rows":
            says = f"in the environment's database: {glimpse.get('person')} sees rows ({glimpse.get('road')})"
            yield _mark({"about": glimpse.get("relation")}, glimpse.get("person"), "SELECT", "seen", says)


def _trespasses(seen: Seen) -> Iterator[Mark]:
    for one in seen.get("attempted", ()):
        where, found = _where(one), mapped(one.get("facts"))
        for trespass in rows(found.get("trespasses")):
            for who in (trespass.get("persona"), *listed(trespass.get("others"))):
                yield _mark(trespass, who, _command(trespass), "trespass", f"{where}: {trespass.get('says')}")
        for blind in rows(found.get("blind")):
            says = f"{where}: could not be judged: {blind.get('reason')}"
            yield _mark(blind, "", _command(blind), "blind", says)


def _failing(seen: Seen) -> Iterator[Mark]:
    for one in seen.get("served", ()):
        for defect in rows(mapped(one.get("facts")).get("defects")):
            says = f"{_where(one)}: fails for everybody who may do it: {defect.get('message')}"
            for action in listed(defect.get("actions")) or [""]:
                for who in listed(defect.get("personas")) or [""]:
                    yield _mark(defect, who, _command({"action": action}), "fails", says)


def _command(about: Mapping[str, Any]) -> str:
    """``insert-foreign`` is an INSERT."""
    return str(about.get("action")).partition("-")[0]


def _mark(about: Mapping[str, Any], who: object, command: str, kind: str, says: str) -> Mark:
    known = command.upper() if command.upper() in COMMANDS else ""
    return Mark(table=str(about.get("about")), persona=str(who or ""), command=known, kind=kind, says=says)


def _where(observed: Mapping[str, Any]) -> str:
    inside = '"on":"environment"' in str(observed.get("key")).replace(" ", "")
    return "in the environment's database" if inside else "as the migrations make it"
