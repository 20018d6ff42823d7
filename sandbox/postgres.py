"""A Postgres server as a child process: TCP on 127.0.0.1 only, SCRAM passwords, no socket, nothing durable."""

import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from sandbox.account import Account
from sandbox.keeper import Keeper
from sandbox.world import HOST

SUPERUSER = "supabase_admin"
START_SECONDS = 30.0  # a busy machine; usually 0.1
PORT_ATTEMPTS = 5  # somebody may take the free port between our look and Postgres's
LOOK_AGAIN_SECONDS = 0.005

SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "120",  # twice a small project's: all drills at once beside faults that hold half of them
    "max_prepared_transactions": "2",  # for one that is forgotten; a project has none
    "shared_buffers": "32MB",
    "dynamic_shared_memory_type": "mmap",  # in the data directory, so nothing outlives it
    "wal_level": "logical",  # as on a project; publications need it
    "shared_preload_libraries": "pg_stat_statements",  # as on a project
    "pg_stat_statements.save": "off",
    "autovacuum": "off",
    "jit": "off",
    "log_min_messages": "warning",
    # thrown away at the end, so nothing has to survive a crash
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class PostgresFailed(RuntimeError):
    """The server or initdb did not do its work; the message ends with what it logged."""


@dataclass(frozen=True)
class Server:
    """A running server. `folder` holds data/, extension/ and postgres.log."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path

    def stop(self) -> None:
        """Fast shutdown: a checkpoint is written, so that the data can be copied and started again."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(START_SECONDS)


def initialize(programs: Path, folder: Path, password_file: Path, account: Account, keeper: Keeper) -> None:
    """Make the cluster `folder/data`; its only role is the superuser, with that password. Raises PostgresFailed."""
    command = [
        *(str(programs / "initdb"), "--pgdata", str(folder / "data"), "--username", SUPERUSER),
        *("--pwfile", str(password_file), "--auth", "scram-sha-256", "--encoding", "UTF8"),
        *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
        *("--wal-segsize", "1", "--no-sync", "--no-instructions"),
    ]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=subprocess.PIPE, **account.credentials)
    keeper.watch("command", process.pid)
    _, complaint = process.communicate()
    keeper.release(process.pid)
    if process.returncode:
        raise PostgresFailed(f"initdb failed: {complaint.decode(errors='replace').strip()[-500:]}")


def start(programs: Path, folder: Path, account: Account, keeper: Keeper) -> Server:
    """Launch and wait, on another port when the first was taken. Raises PostgresFailed."""
    for _ in range(PORT_ATTEMPTS):
        server = _launch(programs, folder, account)
        keeper.watch("postgres", server.process.pid)
        if _becomes_ready(server):
            return server
    raise PostgresFailed(f"no free port for Postgres in {PORT_ATTEMPTS} attempts")


def _launch(programs: Path, folder: Path, account: Account) -> Server:
    port = _free_port()
    options = {"port": str(port), **SETTINGS, "extension_control_path": f"$system:{folder}"}
    command = [str(programs / "postgres"), "-D", str(folder / "data")]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
    with (folder / "postgres.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0,
            **account.credentials,
        )  # fmt: skip
    return Server(process, port, folder)


def _becomes_ready(server: Server) -> bool:
    """True when the server accepts connections, False when its port was taken meanwhile. Raises PostgresFailed."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if _status(server.folder) == "ready":
            return True
        if server.process.poll() is not None:
            return _judge_exit(server.folder)
        time.sleep(LOOK_AGAIN_SECONDS)
    raise PostgresFailed(f"Postgres was not ready within {START_SECONDS:.0f} s: {_log_end(server.folder)}")


def _judge_exit(folder: Path) -> bool:
    if "Address already in use" in _log_end(folder):
        return False
    raise PostgresFailed(f"Postgres ended while starting: {_log_end(folder)}")


def _status(folder: Path) -> str:
    # line 8 of postmaster.pid: starting, ready, stopping (pg_ctl looks at the same)
    try:
        lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return ""
    return lines[7].strip() if len(lines) > 7 else ""


def _log_end(folder: Path) -> str:
    return (folder / "postgres.log").read_text(errors="replace").strip()[-500:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
