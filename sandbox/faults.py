"""Faults: declared ways to break the sandbox. Rows are data in `sandbox/faults/<family>.toml`; this reads them."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from sandbox.drawn import filled
from sandbox.sessions import Session

FOLDER = Path(__file__).parent / "faults"
SETS = "sets.toml"
"""The file of named sets of cases."""

SERVICES = tuple(sorted(door.parent.name for door in (Path(__file__).parent / "services").glob("*/__init__.py")))
"""Every service that a fault can reach, in the order of their names."""
Behaviour = Literal["silent", "drip", "close", "refuse", "truncate", "slow"]


class UnknownFault(LookupError):
    """No row has this name; the message names the closest one."""


class MalformedFault(ValueError):
    """A row has a wrong key or a value of the wrong type; the message names file and row."""


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a service says instead of its own answer, for requests that match.

    `silent` accepts and never answers; `drip` sends one byte each 0.4 s forever; `close` closes without an answer;
    `refuse` does not listen at all (then `path` must be `*`); `truncate` closes in the middle of `body`; `slow` gives
    the service's own answer `after` seconds later.
    """

    service: str
    path: str  # exact, or a prefix ending in *
    method: str | None = None  # upper case; None matches every method
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = {}
    body: str = ""
    behaviour: Behaviour | None = None
    after: float = 0.0

    def __post_init__(self) -> None:
        if self.service not in SERVICES:
            raise ValueError(f"there is no service {self.service!r}; there are {', '.join(SERVICES)}")
        if self.behaviour == "refuse" and self.path != "*":
            raise ValueError("behaviour 'refuse' closes the whole port, so its path is '*'")  # msgspec adds where

    def matches(self, service: str, method: str, path: str) -> bool:
        """Whether a request (path without query) to this service gets this answer."""
        if self.service != service or self.method not in (None, method):
            return False
        return path.startswith(self.path[:-1]) if self.path.endswith("*") else path == self.path


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row. `violates` and `blinds` are exact sets of cases (`check[case]`), for the self-tests only."""

    name: str
    breaks: str
    violates: list[str]
    blinds: list[str]
    sql: str = ""  # run as superuser on the live database, after the build
    staging_sql: str = ""  # the same on the staging database
    tenant_sql: dict[str, str] = {}  # slug of an organization -> the same on its own database
    answer: list[Answer] = []
    write: dict[str, str] = {}  # path in the checkout -> text
    remove: list[str] = []
    rename: dict[str, str] = {}
    commit: bool = False  # the change of the checkout is also committed
    apply: bool = False  # written migrations are also applied to the live and the staging database
    switch: dict[str, bool | int | str] = {}  # named switches of the application
    state: dict[str, dict[str, Any]] = {}  # service -> RFC 7396 merge patch on what its stand-in knows; "null" is null
    unset: list[str] = []  # variables that are not announced
    session: list[Session] = []  # sessions of others that stay open
    freeze: Literal["postgres"] | None = None  # stopped (SIGSTOP) once everything is ready

    def __post_init__(self) -> None:
        unknown = set(self.state) - set(SERVICES)
        if unknown:
            raise ValueError(f"state: there is no service {', '.join(unknown)}; there are {', '.join(SERVICES)}")


@dataclass(frozen=True)
class Faults:
    """The faults chosen for one start, in the order given."""

    chosen: tuple[Fault, ...] = ()

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All planted answers; the first match wins."""
        return tuple(answer for fault in self.chosen for answer in fault.answer)

    @property
    def switches(self) -> Mapping[str, bool | int | str]:
        """Switches of the application; a later fault wins."""
        return {name: value for fault in self.chosen for name, value in fault.switch.items()}

    def patches(self, service: str) -> tuple[Mapping[str, Any], ...]:
        """Merge patches for what a service's stand-in knows, to be applied in this order."""
        return tuple(fault.state[service] for fault in self.chosen if service in fault.state)

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Sessions of others that stay open."""
        return tuple(session for fault in self.chosen for session in fault.session)

    @property
    def unset(self) -> frozenset[str]:
        """Variables that must not be announced."""
        return frozenset(name for fault in self.chosen for name in fault.unset)

    @property
    def frozen(self) -> bool:
        """Whether Postgres is stopped once everything is ready."""
        return any(fault.freeze == "postgres" for fault in self.chosen)


def load_faults(folder: Path = FOLDER) -> dict[str, Fault]:
    """Every row of every file, by name, sorted by file. Raises MalformedFault."""
    rows: dict[str, Fault] = {}
    sets: dict[str, list[str]] = _table(folder / SETS) if (folder / SETS).exists() else {}
    for file in sorted(path for path in folder.glob("*.toml") if path.name != SETS):
        for name, row in _table(file).items():
            if name in rows:
                raise MalformedFault(f"{file.name}: [{name}] is also a row of another file")
            rows[name] = _fault(file, name, row, sets)
    return rows


def choose(names: Iterable[str], known: Mapping[str, Fault]) -> Faults:
    """The named faults. Raises UnknownFault, whose message names the closest known one."""
    return Faults(tuple(_find(name, known) for name in names))


def _table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise MalformedFault(f"{file.name}: {error}") from error


def _fault(file: Path, name: str, row: dict[str, Any], sets: Mapping[str, list[str]]) -> Fault:
    try:
        fault = msgspec.convert({"name": name, **row, "state": _with_nulls(row.get("state", {}))}, Fault)
        return msgspec.structs.replace(fault, violates=_cases(fault.violates, sets), blinds=_cases(fault.blinds, sets))
    except LookupError as error:
        raise MalformedFault(f"{file.name} [{name}]: {error.args[0]}") from error
    except msgspec.ValidationError as error:
        raise MalformedFault(f"{file.name} [{name}]: {error}") from error


def _with_nulls(value: Any) -> Any:
    """TOML has no null, which a merge patch takes away with: the text does for it."""
    if isinstance(value, Mapping):
        return {key: _with_nulls(item) for key, item in value.items()}
    return None if value == "null" else value


def _cases(named: Iterable[str], sets: Mapping[str, list[str]]) -> list[str]:
    """Cases, with the sets among them (`@vercel`) written out."""
    cases: list[str] = []
    for name in named:
        if name.startswith("@") and name[1:] not in sets:
            raise LookupError(f"there is no set {name!r}; {SETS} has {', '.join(sets)}")
        cases += sets[name[1:]] if name.startswith("@") else [name]
    return cases


def _find(name: str, known: Mapping[str, Fault]) -> Fault:
    if name in known:
        return msgspec.convert(filled(msgspec.to_builtins(known[name])), Fault)
    raise UnknownFault(f"there is no fault named '{name}'" + _suggestion(name, list(known)))


def _suggestion(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
    return f"; the closest is '{close[0]}' (all: python -m sandbox --list-faults)" if close else ""
