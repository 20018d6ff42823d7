"""Runs the real suite against the real sandbox, as a user would, and reads the verdicts it leaves."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).parents[1]
OURS = ("SEATRIAL_", "OCEAN_", "PYTEST_", "GITHUB_")
"""Beginnings of variables that a voyage must not inherit from whoever runs the self-tests."""


@dataclass(frozen=True)
class Voyage:
    """What a run left behind."""

    exit: int
    output: str
    verdicts: dict[str, dict[str, Any]]
    report: dict[str, Any]

    def ids(self, *outcomes: str) -> set[str]:
        """The cases that came to one of `outcomes`."""
        return {case for case, verdict in self.verdicts.items() if verdict["outcome"] in outcomes}


def variables() -> dict[str, str]:
    """This process's environment without what would steer a voyage."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PYTHONDONTWRITEBYTECODE": ""}


def sail(folder: Path, *arguments: str, faults: Iterable[str] = (), seconds: float = 120) -> Voyage:
    """Start a sandbox with `faults`, run pytest with `arguments` against it, and read the report left in `folder`."""
    broken = [word for fault in faults for word in ("--fault", fault)]
    command = [sys.executable, "-m", "sandbox", *broken, "--", sys.executable, "-m", "pytest"]
    command += [*arguments, "--report", str(folder), "-o", f"cache_dir={folder / 'cache'}"]
    return run(command, folder, seconds)


def run(command: list[str], folder: Path, seconds: float, more: Mapping[str, str] | None = None) -> Voyage:
    """Run `command` from the house and read the report left in `folder`; `more` is added to its environment."""
    environment = {**variables(), **(more or {})}
    ended = subprocess.run(
        command, cwd=HOUSE, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    path = folder / "verdicts.json"
    report = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"verdicts": []}
    verdicts = {_id(verdict): verdict for verdict in report["verdicts"]}
    return Voyage(ended.returncode, ended.stdout + ended.stderr, verdicts, report)


def _id(verdict: dict[str, Any]) -> str:
    return f"{verdict['check']}[{verdict['case']}]" if verdict["case"] else str(verdict["check"])
