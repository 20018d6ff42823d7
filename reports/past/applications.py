"""Which application a run looked at: two of them can share an environment's name, and a file of history."""

import hashlib
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from fixtures.engine.git import git
from reports.past.history import Past, PastCase

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
SHORT = re.compile(r"^([^/:]+):/?")
"""``host:path``, as ssh writes it."""
DIGITS = 16
SECONDS = 2.0
"""For an answer of git."""


def identity(checkout: Path | None) -> str | None:
    """A short digest that a checkout shares with others of the same application; None where none was named.

    Of the address of its repository's first remote, without credentials, and of where it lies in that repository;
    else of its path. Blocks for some ten milliseconds.
    """
    if checkout is None:
        return None
    folder = checkout.resolve()
    place = _place(folder) or str(folder)
    return hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:DIGITS]


def _place(folder: Path) -> str | None:
    """Where the repository comes from, and the folder in it; None when it comes from nowhere."""
    remotes = _answer(folder, "config", "--get-regexp", r"^remote\..*\.url$").splitlines()
    address = plain_address(remotes[0].partition(" ")[2]) if remotes else ""
    return f"{address}\n{_answer(folder, 'rev-parse', '--show-prefix').strip()}" if address else None


def _answer(folder: Path, *arguments: str) -> str:
    """What git says of a folder; nothing, when there is no git or it does not know: then its path has to do."""
    try:
        answer = git(folder, *arguments, seconds=SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.decode("utf-8", "surrogateescape") if answer.returncode == 0 else ""


def plain_address(url: str) -> str:
    """``github.com/acme/shop`` of each way in which git can be told of it; no user, no password, no query."""
    named = SCHEME.match(url)
    place = re.split(r"[?#]", url[named.end() :] if named else SHORT.sub(r"\1/", url, count=1), maxsplit=1)[0]
    host, slash, path = place.partition("/")
    host = host.rpartition("@")[2].lower()
    return f"{host}{slash}{path}".rstrip("/").removesuffix(".git")


def own(past: Past, application: str | None, commit: str | None) -> Past:
    """What is known of one application: its runs, and its cases; nothing of any other.

    Where no checkout was named, a run with a commit and one without are of two applications all the same.
    """
    runs = tuple(run for run in past.runs if run.application == application)
    if application is not None:
        return Past(runs=runs, cases=past.applications.get(application, {}))
    known = {
        name: {case: each for case, each in cases.items() if (each.commit is None) == (commit is None)}
        for name, cases in past.cases.items()
    }
    return Past(runs=tuple(run for run in runs if (run.commit is None) == (commit is None)), cases=known)


def with_own(past: Past, application: str | None, environment: str, found: Mapping[str, PastCase]) -> Past:
    """The whole, with these cases of one environment of one application in it."""
    kept = past.cases if application is None else past.applications.get(application, {})
    now = {**kept, environment: {**kept.get(environment, {}), **found}}
    if application is None:
        return replace(past, cases=now)
    return replace(past, applications={**past.applications, application: now})
