"""When each fault row was last run and found exact, and with how many cases: selftests/ran.json, one row a line."""

import hashlib
import json
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from reports.atomic_file import replace_file
from sandbox.faults import Fault
from selftests.voyage import HOUSE

FILE = HOUSE / "selftests" / "ran.json"


class Ran(msgspec.Struct, frozen=True):
    """A run of one row that was exact. `at` is a day, `digest` tells the row as it was then, `cases` were judged."""

    at: str
    commit: str
    digest: str
    cases: int


def digest(fault: Fault) -> str:
    """Eight letters that change with the row, also with what its sets stand for."""
    return hashlib.sha256(msgspec.json.encode(fault, order="deterministic")).hexdigest()[:8]


def ran_rows(file: Path = FILE) -> dict[str, Ran]:
    """By name of the row; empty when nothing was noted yet."""
    return msgspec.json.decode(file.read_bytes(), type=dict[str, Ran]) if file.exists() else {}


def note(exact: Mapping[str, int], faults: Mapping[str, Fault], file: Path = FILE, *, commit: str = "") -> None:
    """Keep that these rows were exact today, each with so many cases. What is known of other rows stays."""
    commit = commit or commit_of(HOUSE)
    today = datetime.now(UTC).date().isoformat()
    now = {name: Ran(today, commit, digest(faults[name]), cases) for name, cases in exact.items()}
    kept = {name: ran for name, ran in {**ran_rows(file), **now}.items() if name in faults}
    replace_file(file, _lines(kept.items()).encode())


def commit_of(checkout: Path) -> str:
    """The short name of the commit; with a plus when files differ from it, and "unknown" where git cannot tell."""
    asked = ("rev-parse", "--short=7", "HEAD"), ("status", "--porcelain", "--untracked-files=no")
    said = [subprocess.run(["git", *words], cwd=checkout, capture_output=True, text=True) for words in asked]
    if any(one.returncode for one in said):
        return "unknown"
    return said[0].stdout.strip() + ("+" if said[1].stdout.strip() else "")


def _lines(rows: Iterable[tuple[str, Ran]]) -> str:
    told = (f"{json.dumps(name)}: {msgspec.json.encode(ran).decode()}" for name, ran in sorted(rows))
    return "{\n" + ",\n".join(told) + "\n}\n"
