"""The real Supabase CLI, from npm, to compare with: how it runs migrations, and how long it takes."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.kept_peers import NotHere, from_npm

SECONDS = 120


@dataclass(frozen=True)
class Said:
    """What came of a command."""

    status: int
    text: str
    """Its standard error and its standard output."""

    @property
    def sqlstate(self) -> str | None:
        """The state that the server answered, if the CLI printed one."""
        _, found, rest = self.text.partition("(SQLSTATE ")
        return rest[:5] if found else None


@dataclass(frozen=True)
class CLI:
    """One version of it."""

    version: str
    program: Path

    def run(self, url: str, checkout: Path, home: Path, *command: str) -> Said:
        """Run a command that takes a database's address."""
        target = ["--db-url", url] if self.version.startswith("2.") else [f"--remote={url}"]
        arguments = [str(self.program), *command, *target, "--yes", "--workdir", str(checkout)]
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "DO_NOT_TRACK": "1"}
        ended = subprocess.run(
            arguments, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS
        )
        return Said(ended.returncode, ended.stderr + ended.stdout)


def installed(version: str) -> CLI | str:
    """This version, kept in the user's cache from one run to the next; or a sentence that says why it cannot be had."""
    try:
        return CLI(version, from_npm("supabase", version) / "supabase")
    except NotHere as problem:
        return str(problem)
