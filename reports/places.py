"""Where in the application's files a finding is: read from what was seen of its subjects.

Facts say it in a few ways, which their rooms document: `path` or `file` with `line`; `place` (``src/payments.ts:1``);
`where` with `at` (lines and columns of a leak); `hazards`, each with a path of its own; a subject that names a place.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct

from reports.source_lines import line_in_config, line_of_body
from reports.verdicts import Verdict

LARGEST_LINE = 2**31 - 1
_PLACE = re.compile(r"(?P<path>[^\s:][^:\n]*):(?P<line>[0-9]{1,10})(?::(?P<column>[0-9]{1,10}))?(?=[\s:]|$)")
_UNSOUND = re.compile(r"[\x00-\x1f\x7f\\:]|^[/~]|^\s|\s$|(?:^|/)\.\.(?:/|$)")


class Place(Struct, frozen=True, kw_only=True):
    """A finding's place in a file of the application."""

    path: str
    """From the root of the application's repository, with slashes."""
    line: int = 1
    column: int = 0
    """From 1; 0 when it is not known."""
    subject: str
    """The subject that the finding names."""
    says: str
    """What is wrong there."""
    instead: str = ""
    """What to write in its place, where the finding knows it."""
    told: str = ""
    """What is wrong with what: `says`, after the subject where that is not named in it."""
    waived: bool = False


def places(verdict: Verdict, checkout: Path | None) -> tuple[Place, ...]:
    """The places of a violated or waived verdict, each once; none when it is about something that is in no file.

    `checkout` is the application's: only files that are in it count, and they are named from its repository's root.
    Without one, what reads like a path is believed.
    """
    if verdict.outcome not in ("violated", "waived"):
        return ()
    prefix = prefix_of(checkout)
    seen = verdict.evidence.get("subjects")
    facts = seen if isinstance(seen, dict) else {}
    waived = set(verdict.waiver.subjects) if verdict.waiver else set()
    found: dict[Place, None] = {}
    for name in dict.fromkeys((*verdict.subjects, *facts)):
        for path, line, column, fact in _named(facts.get(name), name, checkout):
            if not _is_file(path, checkout):
                continue
            says, instead = _told(fact, verdict.message)
            place = Place(
                path=prefix + str(PurePosixPath(path)),
                line=line,
                column=column,
                subject=name,
                says=says,
                instead=instead,
                told=_whole(name, path, says),
                waived=name in waived,
            )
            found[place] = None
    return tuple(found)


def prefix_of(checkout: Path | None) -> str:
    """From the repository's root to the application: ``apps/ocean/``; empty when that is the root, or not known.

    GitHub shows annotations and alerts by paths from there. Where there is no git: from GITHUB_WORKSPACE.
    """
    if checkout is None:
        return ""
    folders = [checkout, *checkout.parents]
    workspace = Path(os.environ.get("GITHUB_WORKSPACE") or checkout)
    root = next((folder for folder in folders if (folder / ".git").exists()), workspace)
    inner = checkout.relative_to(root).as_posix() if root in folders else "."
    return "" if inner == "." else f"{inner}/"


def _named(fact: Any, name: str, checkout: Path | None) -> Iterator[tuple[str, int, int, dict[str, Any]]]:
    """Path, line, column and fact of each place that one subject's fact (or else its name) names."""
    if not isinstance(fact, dict):
        match = _PLACE.match(name)
        yield from [(match["path"], _number(match["line"], 1), _number(match["column"], 0), {})] if match else []
    elif isinstance(fact.get("hazards"), list | tuple):
        for hazard in fact["hazards"]:
            yield from _named(hazard, "", checkout) if isinstance(hazard, dict) else []
    elif isinstance(fact.get("at"), list | tuple) and isinstance(fact.get("where"), str):
        for at in fact["at"] or ["1"]:
            line, _, column = str(at).partition(":")
            yield fact["where"], _number(line, 1), _number(column, 0), fact
    else:
        yield from _plain(fact, checkout)


def _plain(fact: dict[str, Any], checkout: Path | None) -> Iterator[tuple[str, int, int, dict[str, Any]]]:
    path, place = fact.get("path") or fact.get("file"), fact.get("place")
    match = _PLACE.match(place) if isinstance(place, str) else None
    if isinstance(path, str):
        line = _number(fact.get("line"), 1)
        if isinstance(fact.get("function"), str):  # then the line is one of the function's body
            line = line_of_body(checkout, path, fact["function"], line)
        yield path, line, 0, fact
    elif match:
        yield match["path"], _number(match["line"], 1), _number(match["column"], 0), fact
    elif isinstance(fact.get("slug"), str) and fact.get("declared"):
        yield "supabase/config.toml", line_in_config(checkout, fact["slug"]), 0, fact


def _told(fact: dict[str, Any], otherwise: str) -> tuple[str, str]:
    """What is wrong at a place, and what to write instead: as the fact says it, else as the finding does."""
    cause = fact.get("cause") if isinstance(fact.get("cause"), dict) else {}
    says = _first(fact, "really", "message", "says") or otherwise
    if fact.get("kind") and "fingerprint" in fact:
        says = f"{fact['kind']} {fact['fingerprint']} ({says})"
    return says, _first(fact, "instead", "safe", "mend") or _first(cause or {}, "mend")


def _whole(subject: str, path: str, says: str) -> str:
    about = re.sub(r"^(?::[0-9]+){0,2}:?\s*", "", subject.removeprefix(path)) if subject.startswith(path) else subject
    return f"{about}: {says}" if about and about not in says else says


def _first(fact: dict[str, Any], *names: str) -> str:
    return next((fact[name] for name in names if isinstance(fact.get(name), str) and fact[name]), "")


def _number(value: Any, otherwise: int) -> int:
    """A line or column, from 1."""
    if isinstance(value, str) and len(value) <= 10 and value.isdecimal():
        value = int(value)
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_LINE
    return value if sound else otherwise


def _is_file(path: str, checkout: Path | None) -> bool:
    if not path or _UNSOUND.search(path):
        return False
    if checkout is None:
        return "/" in path or path.startswith(".")
    try:
        return (checkout / path).is_file()
    except (OSError, ValueError):  # a name that is too long, or that the file system cannot hold
        return False
