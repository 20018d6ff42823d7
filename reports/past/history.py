"""``history.json``: what earlier runs came to, kept from run to run; the shape of it, and reading it."""

from pathlib import Path

import msgspec
from msgspec import Struct

NAME = "history.json"
VERSION = 1


class PastRun(Struct, frozen=True, kw_only=True):
    """One earlier run. `started` is ISO 8601 in UTC; `totals` and `families` count outcomes, "missing" among them."""

    environment: str
    kind: str
    lanes: tuple[str, ...]
    commit: str | None
    started: str
    seconds: float
    exit: int
    word: str
    totals: dict[str, int]
    families: dict[str, dict[str, int]]
    """Family (folder of checks/) -> outcome -> how many."""
    violated: tuple[str, ...]
    """Case ids, at most 200, the most severe first."""
    blind: tuple[str, ...]
    """The same for what could not be seen: crashed and missing ones are among them."""
    url: str | None = None
    """Where its report is."""
    application: str | None = None
    """Which application was looked at, as a short digest; None when no checkout was named."""


class Looked(Struct, frozen=True, kw_only=True):
    """What was last seen of a case, and since when; `commit` as in `PastCase`."""

    outcome: str
    since: str
    commit: str | None


class PastCase(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was last known of one case. Instants are the starts of runs, ISO 8601 in UTC."""

    outcome: str
    """An outcome, or "missing"."""
    since: str
    """When this outcome began. Of a violation, in spite of runs between that could not see."""
    verified: str | None
    """When it was last verified."""
    commit: str | None
    """The application's commit with which this outcome began."""
    judged: str | None = None
    """When it was last judged."""
    looked: Looked | None = None
    """Of a case that could not be seen: what was seen before."""


class Past(Struct, frozen=True, kw_only=True):
    """All that is known of earlier runs."""

    runs: tuple[PastRun, ...] = ()
    """Newest first."""
    cases: dict[str, dict[str, PastCase]] = {}
    """Environment -> case id -> what was last known of it; in the file: of runs for which no checkout was named."""
    applications: dict[str, dict[str, dict[str, PastCase]]] = {}
    """The same of each application whose checkout was named."""


class History(Past, frozen=True, kw_only=True):
    """The content of the file."""

    version: int


class BadHistory(Exception):
    """The file cannot be used. The message names it and says why.

    `damaged`: it is nobody's history any more, and can be set aside. One of another version, or that cannot be read
    at all, is left as it is.
    """

    def __init__(self, message: str, damaged: bool = False) -> None:
        super().__init__(message)
        self.damaged = damaged


class _Version(Struct):
    version: int


def read_history(path: Path) -> Past:
    """What the file says; nothing, when there is none.

    Raises:
        BadHistory: it is damaged, unreadable or of another version.
    """
    try:
        content = path.read_bytes()
        version = msgspec.json.decode(content, type=_Version).version
        if version != VERSION:
            raise BadHistory(f"{path} is of version {version}, this is {VERSION}: name another file with --history")
        return msgspec.json.decode(content, type=History)
    except FileNotFoundError:
        return Past()
    except OSError as problem:
        raise BadHistory(f"{path} cannot be read: {problem.strerror or problem}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise BadHistory(f"{path} is damaged: {problem}", damaged=True) from None
