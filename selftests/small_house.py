"""A small copy of this house in a folder of its own: the real engine and reports, a door that looks at nothing real,
and checks of one line. A run of it takes about half a second and needs no sandbox.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ("fixtures/engine", "reports")
FILES = ("conftest.py", "pyproject.toml", "checks/__init__.py")
LEFT_OUT = shutil.ignore_patterns("out", "*.md", "*.json")
LOCAL = '[environment]\nname = "local"\nkind = "local"\nallows = ["read", "send", "write"]\n\n[small]\n'

DOOR = '''\
"""Looks at nothing real; every look leaves a line in the file `looked`."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

from fixtures import Fact, Secret, Unobservable, Variable
from fixtures.engine import Settings, instrument, observation, provider
from fixtures.engine.attempts import eventually
from fixtures.engine.threads import in_thread

HOUSE = Path(__file__).parents[2]


def note(what: str) -> None:
    with open(HOUSE / "looked", "a", encoding="utf-8") as file:
        file.write(f"{what} {os.getpid()}\\n")


@provider("small")
class Small(Settings, frozen=True, kw_only=True):
    number: int = 0
    place: Variable | None = None
    token: Secret | None = None


class Thing(Fact, frozen=True, kw_only=True):
    name: str

    @property
    def subject(self) -> str:
        return self.name


@observation
async def sound() -> int:
    note("sound")
    return 1


@observation
async def bad(names: tuple[str, ...]) -> tuple[Thing, ...]:
    """The things that a check's row asks for; all of them are bad."""
    note("bad")
    return tuple(Thing(name=name) for name in names)


@observation
async def frozen() -> int:
    note("frozen")
    raise Unobservable("the gauge is frozen: thaw it")
'''

CHECK = '''\
import os

import pytest

from checks import Finding, critical, drill, high, low, migrations_lane, pre_deploy, prod_smoke, runbook
from fixtures.small import Thing

pytestmark = [critical, runbook("SMALL-1"), {lanes}]
{above}
def test_{name}({asks}) -> None:
    """It holds.

    Means:   nothing.
    Confirm: look.
    Contain: wait.
    Fix:     mend it.
    """
{body}
'''
JUDGES = 'if not sound:\n    raise Finding("no sound")'
WAIVER = '[[waiver]]\ncheck = "{check}"\nsubject = "{subject}"\nreason = "{reason}"\nuntil = {until}\n'


def day(days: int = 0) -> str:
    """Today in UTC, or so many days later, as TOML writes a date."""
    return (datetime.now(UTC).date() + timedelta(days)).isoformat()


@dataclass(frozen=True)
class Ran:
    """One run: pytest's exit code, all it printed, verdicts.json (empty when none was written), seconds."""

    exit: int
    output: str
    report: Mapping[str, Any]
    seconds: float

    @property
    def outcomes(self) -> dict[str, str]:
        """Case id -> outcome."""
        return {case: verdict["outcome"] for case, verdict in self.verdicts.items()}

    @property
    def verdicts(self) -> dict[str, dict[str, Any]]:
        """Case id -> verdict."""
        rows = self.report.get("verdicts", ())
        return {row["check"] + (f"[{row['case']}]" if row["case"] else ""): row for row in rows}

    @property
    def missing(self) -> list[str]:
        """The cases that reached no verdict."""
        return list(self.report.get("missing", ()))

    @property
    def last_line(self) -> str:
        """The line that alone says what to do."""
        return (self.output.strip().splitlines() or [""])[-1]

    def message(self, case: str) -> str:
        """Why a case came out as it did."""
        return str(self.verdicts[case]["message"])


@dataclass
class House:
    """A house at `root`, to be furnished and run."""

    root: Path
    variables: dict[str, str] = field(default_factory=dict)

    def check(
        self,
        name: str,
        body: str = JUDGES,
        asks: str = "sound: int",
        above: str = "",
        lanes: str = "pre_deploy",
    ) -> "House":
        """Add a check: `above` stands over its function, `lanes` is a list of marks."""
        text = CHECK.format(name=name, asks=asks, above=dedent(above), lanes=lanes, body=indent(dedent(body), "    "))
        return self.file(f"checks/small/{name}.py", text)

    def file(self, path: str, text: str) -> "House":
        """Write any file."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        return self

    def door(self, code: str) -> "House":
        """Add to what the door of the house declares."""
        with open(self.root / "fixtures/small/__init__.py", "a", encoding="utf-8") as file:
            file.write("\n\n" + dedent(code).strip() + "\n")
        return self

    def environment(self, text: str, name: str = "local") -> "House":
        """Write an environment file."""
        return self.file(f"fixtures/environments/{name}.toml", text)

    def waive(self, check: str, subject: str, until: str, reason: str = "known") -> "House":
        """Add a waiver to the local environment."""
        with open(self.root / "fixtures/environments/local.toml", "a", encoding="utf-8") as file:
            file.write(WAIVER.format(check=check, subject=subject, until=until, reason=reason))
        return self

    def manifest(self, cases: Mapping[str, list[str]]) -> "House":
        """The cases that are expected: case id -> lanes."""
        return self.file("checks/manifest.json", json.dumps(cases))

    def looked(self) -> list[str]:
        """The name of every look, in order."""
        return [name for name, _ in self._looks()]

    def who(self, name: str) -> set[str]:
        """The ids of the processes that took this look."""
        return {process for look, process in self._looks() if look == name}

    def run(self, *arguments: str) -> Ran:
        """Run pytest in the house."""
        shutil.rmtree(self.root / "reports-out", ignore_errors=True)
        command = [sys.executable, "-m", "pytest", "--report=reports-out", *arguments]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=self.root, env=environment | self.variables, capture_output=True, text=True, timeout=60
        )
        seconds = time.monotonic() - began
        file = self.root / "reports-out" / "verdicts.json"
        report = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return Ran(done.returncode, done.stdout + done.stderr, report, seconds)

    def _looks(self) -> list[tuple[str, str]]:
        file = self.root / "looked"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [(name, process) for name, _, process in (line.partition(" ") for line in lines)]


def build(root: Path, timber: Path) -> House:
    """A house at `root` with an empty manifest and no checks. `timber` is where the copies of the engine are kept."""
    _cut(timber)
    for folder in ENGINE:
        (root / folder).parent.mkdir(parents=True, exist_ok=True)
        (root / folder).symlink_to(timber / folder)
    for path in (*FILES, *(file.relative_to(ROOT).as_posix() for file in (ROOT / "fixtures").glob("*.py"))):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, root / path)
    house = House(root)
    house.file("fixtures/small/__init__.py", DOOR).environment(LOCAL)
    return house.manifest({})


def _cut(timber: Path) -> None:
    """Copied once, compiled files too: a run that has to compile them takes twice as long."""
    for folder in ENGINE:
        if not (timber / folder).exists():
            shutil.copytree(ROOT / folder, timber / folder, ignore=LEFT_OUT)
