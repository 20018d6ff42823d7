"""The keeper: a small process that cleans up after the sandbox, however the sandbox ends, `kill -9` included.

It is forked before anything else is started and holds the reading end of a pipe. The sandbox writes the pids it starts;
when the pipe closes, because the sandbox closed it or died, the keeper stops them and removes the run's folder.
"""

import ctypes
import os
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

GRACE_SECONDS = 2.0  # for a process to end by itself before it is killed
LOOK_AGAIN_SECONDS = 0.01
IPC_RMID = 0

Kind = Literal["postgres", "frozen", "command"]
ENDING = {
    "postgres": signal.SIGQUIT,  # immediate shutdown: its data is thrown away
    "frozen": signal.SIGCONT,  # a process of the server that was stopped; it ends with its server
    "command": signal.SIGTERM,
}


@dataclass(frozen=True)
class Keeper:
    """The sandbox's side of it."""

    pid: int
    pipe: int

    def watch(self, kind: Kind, pid: int) -> None:
        """Have a process ended when the sandbox ends."""
        os.write(self.pipe, f"watch {kind} {pid}\n".encode())

    def release(self, pid: int) -> None:
        """Forget a process that has ended: its number may be given to somebody else."""
        os.write(self.pipe, f"release any {pid}\n".encode())

    def remove(self, folder: Path) -> None:
        """Have one more folder removed when the sandbox ends, if it is still there then."""
        os.write(self.pipe, f"remove folder {folder}\n".encode())

    def dismiss(self) -> None:
        """Have everything cleaned up now, and wait for it (usually 20 ms)."""
        os.close(self.pipe)
        with suppress(ChildProcessError):
            while os.waitpid(-1, 0)[0] != self.pid:  # the keeper waits for our other children until we collect them
                pass


def hire(folder: Path) -> Keeper:
    """Fork the keeper of an existing folder. Must come before threads and other child processes."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(reading)
        return Keeper(pid, writing)
    try:
        os.close(writing)
        _keep(reading, folder)
    finally:
        os._exit(0)


def _keep(pipe: int, folder: Path) -> None:
    os.setsid()  # a Ctrl-C in the terminal is for the sandbox; its end is for us
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    _let_go_of_the_terminal()
    folders = [str(folder)]
    _end(_watched_at_the_end(pipe, folders))
    for name in folders:
        _release_memory(Path(name))
        _remove(name)


def _release_memory(folder: Path) -> None:
    """A Postgres that had to be killed leaves the System V segment that locks its data (postmaster.pid, line 7)."""
    for file in folder.glob("**/postmaster.pid"):
        with suppress(OSError, ValueError, IndexError):
            segment = int(file.read_text().splitlines()[6].split()[1])
            ctypes.CDLL(None).shmctl(segment, IPC_RMID, None)


def _remove(folder: str) -> None:
    """More than once if need be: a copy that the sandbox had just begun goes on when the sandbox is killed."""
    deadline = time.monotonic() + GRACE_SECONDS
    shutil.rmtree(folder, ignore_errors=True)
    while os.path.exists(folder) and time.monotonic() < deadline:
        time.sleep(LOOK_AGAIN_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _let_go_of_the_terminal() -> None:
    # whoever reads the sandbox's output must see it close when the sandbox ends
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)


def _watched_at_the_end(pipe: int, folders: list[str]) -> dict[int, str]:
    """Blocks until the sandbox is gone. pid -> kind; folders to remove are added to `folders`."""
    watched: dict[int, str] = {}
    with os.fdopen(pipe, encoding="utf-8") as lines:
        for line in lines:
            verb, kind, what = line.rstrip("\n").split(" ", 2)
            if verb == "watch":
                watched[int(what)] = kind
            elif verb == "release":
                watched.pop(int(what), None)
            else:
                folders.append(what)
    return watched


def _end(watched: dict[int, str]) -> None:
    for pid, kind in watched.items():
        _send(pid, ENDING[kind])
        _send(pid, signal.SIGCONT)  # a stopped process hears nothing
    deadline = time.monotonic() + GRACE_SECONDS
    while any(map(_runs, watched)) and time.monotonic() < deadline:
        time.sleep(LOOK_AGAIN_SECONDS)
    for pid in filter(_runs, watched):
        _send(pid, signal.SIGKILL)


def _send(pid: int, what: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, what)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    # in a container the first process often collects nobody, and what has ended keeps its number
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False
