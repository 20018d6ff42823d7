"""A small house that is watched while it runs: what it prints, which files and which processes it leaves behind."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selftests.small_house import ROOT, House, build

__all__ = ["ROOT", "Ended", "House", "Started", "alive", "build", "processes", "start", "until"]

MARK = "PLANTED_RUN"
"""A variable that a run and what it starts have in their environment, unless they were given a smaller one."""
REPORT = "reports-out"
PYTEST = "import sys, pytest; sys.exit(pytest.main())"
"""Not ``-m pytest``: what is installed beside pytest must not take this house for the one that it belongs to."""


@dataclass(frozen=True)
class Ended:
    """One run that has ended: its exit code (negative: the signal), what it printed, how long it took in seconds."""

    exit: int
    output: str
    seconds: float
    root: Path

    @property
    def report(self) -> dict[str, Any]:
        """verdicts.json."""
        content: dict[str, Any] = json.loads((self.root / REPORT / "verdicts.json").read_text(encoding="utf-8"))
        return content

    @property
    def outcomes(self) -> dict[str, str]:
        """Case id -> outcome."""
        return {name: verdict["outcome"] for name, verdict in self.verdicts.items()}

    @property
    def verdicts(self) -> dict[str, dict[str, Any]]:
        """Case id -> verdict."""
        rows = self.report["verdicts"]
        return {row["check"] + (f"[{row['case']}]" if row["case"] else ""): row for row in rows}

    @property
    def last_line(self) -> str:
        """The line that alone says what to do."""
        return (self.output.strip().splitlines() or [""])[-1]

    def artefacts(self) -> dict[str, str]:
        """The terminal's output and the text of every file that the run left, by name."""
        return {"terminal": self.output, **dict(self._files())}

    def _files(self) -> Iterator[tuple[str, str]]:
        for path in sorted(self.root.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            if path.is_file() and not name.startswith(SOURCES) and "__pycache__" not in name:
                yield name, path.read_text(encoding="utf-8", errors="replace")


SOURCES = ("checks/", "fixtures/", "conftest.py", "pyproject.toml", "start.py")


class Started:
    """A run under way, in a session of its own, so that nothing sent to it reaches us."""

    def __init__(
        self,
        arguments: Sequence[str],
        root: Path,
        variables: Mapping[str, str] | None = None,
        *,
        cwd: Path | None = None,
        before: Sequence[str] = (),
        unread: bool = False,
    ) -> None:
        """`root` is where its report goes; `before` a command that runs it. `unread`: nobody reads what it prints."""
        self.root = root
        self.mark = secrets.token_hex(8)
        self._said = root.with_name(f"said-{self.mark}")
        own = [f"--report={root / REPORT}", "-o", f"cache_dir={root / '.cache' / 'pytest'}"]
        self._began = time.monotonic()
        with self._said.open("wb") as said:  # a file, not a pipe: a survivor cannot keep us waiting
            self._process = subprocess.Popen(
                [*before, sys.executable, "-c", PYTEST, *own, *arguments],
                cwd=cwd or root,
                env={**_inherited(), **(variables or {}), MARK: self.mark},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if unread else said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id of pytest."""
        return self._process.pid

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return self._said.read_text(encoding="utf-8", errors="replace")

    def look(self, pause: float = 0.05) -> Iterator[dict[int, str]]:
        """The family, again and again until pytest has ended. `pause` is in seconds."""
        while self._process.poll() is None:
            yield self.family()
            time.sleep(pause)

    def send(self, what: signal.Signals) -> None:
        """Send pytest, and nobody else, a signal."""
        self._process.send_signal(what)

    def wait(self, patience: float) -> Ended:
        """Wait, at most `patience` seconds, for pytest itself to end.

        Raises:
            subprocess.TimeoutExpired: it has not; it is killed, and what it printed is in the exception.
        """
        try:
            code = self._process.wait(patience)
        except subprocess.TimeoutExpired as problem:
            self._process.kill()
            self._process.wait()
            problem.add_note(self.output)
            raise
        finally:
            seconds = time.monotonic() - self._began
            if self._process.stdout:
                self._process.stdout.close()
        return Ended(code, self.output, seconds, self.root)

    def family(self) -> dict[int, str]:
        """The process ids and arguments of everything that this run has started, and of what that has started."""
        everything = processes()
        found = {self.pid}
        found |= {pid for pid in everything if _marked(pid, self.mark)}
        grown = True
        while grown:
            more = {pid for pid, (parent, _) in everything.items() if parent in found} - found
            found |= more
            grown = bool(more)
        return {pid: everything[pid][1] for pid in found if pid in everything}


def start(house: House, *arguments: str, variables: Mapping[str, str] | None = None, unread: bool = False) -> Started:
    """Run pytest in a house and do not wait for it."""
    shutil.rmtree(house.root / REPORT, ignore_errors=True)
    return Started(arguments, house.root, {**house.variables, **(variables or {})}, unread=unread)


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def processes() -> dict[int, tuple[int, str]]:
    """Every process of this machine that runs: its id -> its parent's id, its arguments."""
    listing = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="], capture_output=True, check=True)
    rows = [line.split(None, 3) for line in listing.stdout.decode(errors="replace").splitlines()]
    return {int(row[0]): (int(row[1]), row[3]) for row in rows if len(row) == 4 and "Z" not in row[2]}


def _marked(pid: int, mark: str) -> bool:
    try:
        return f"{MARK}={mark}".encode() in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:  # gone, somebody else's, or no such file on this system
        return False


def alive(pids: Iterable[int]) -> dict[int, str]:
    """Those of some processes that still run, with their arguments."""
    now = processes()
    return {pid: now[pid][1] for pid in pids if pid in now}


def until(what: Callable[[], object], patience: float) -> bool:
    """Whether `what()` comes true within `patience` seconds."""
    end = time.monotonic() + patience
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
