"""The real Supabase CLI, from npm, to compare with: how it runs migrations, and how long it takes."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

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
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            return f"the Supabase CLI comes from npm, and there is no {program} here"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "seatrial"
    folder = cache / f"supabase-cli-{version}"
    if not folder.exists() and not _install(version, folder):
        return f"npm could not install supabase@{version}; is there a network?"
    return CLI(version, folder / "node_modules" / ".bin" / "supabase")


def _install(version: str, folder: Path) -> bool:
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = tempfile.mkdtemp(dir=folder.parent, prefix=f"{folder.name}-")
    command = ["npm", "install", "--prefix", unfinished, "--no-audit", "--no-fund", f"supabase@{version}"]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
        Path(unfinished).rename(folder)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return False
    except OSError:  # somebody else was faster
        return folder.exists()
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return True
