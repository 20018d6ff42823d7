"""Sandboxes that self-tests start as a user does, and what the machine knows about their processes."""

import os
import shlex
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from selftests.voyage import HOUSE, variables

SECONDS = 60.0
"""Longest time that a sandbox is waited for; usually it takes one second."""
COMMAND = (sys.executable, "-m", "sandbox")
CONTRACT = {
    "ADMIN_DATABASE_URL", "AUTHENTICATOR_DATABASE_URL", "CLI_FOLDER", "DATABASE_URL", "DNS_RESOLVER_URL",
    "DOCKER_PROGRAM", "GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN", "LIGHTHOUSE", "NEON_API_KEY",
    "NEON_API_URL", "NEON_ORG_ID", "NEON_STATUS_URL", "OCEAN_CA", "OCEAN_CHECKOUT", "OCEAN_LOG", "OCEAN_PLAIN_URL",
    "OCEAN_SANDBOX", "OCEAN_URL", "OWNER_DATABASE_URL", "POSTGRES_PROGRAMS", "SENTRY_ORGANIZATION", "SENTRY_PROJECT",
    "SENTRY_TOKEN", "SENTRY_URL", "SESSION_POOLER_URL", "STAGING_DATABASE_URL", "STRIPE_API_KEY", "STRIPE_API_URL",
    "STRIPE_STATUS_URL", "STRIPE_TEST_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SECRET_PREVIOUS",
    "SUPABASE_ACCESS_TOKEN", "SUPABASE_ANON_KEY", "SUPABASE_JWT_SECRET", "SUPABASE_MANAGEMENT_URL",
    "SUPABASE_PROJECT_REF", "SUPABASE_PUBLISHABLE_KEY", "SUPABASE_SECRET_KEY", "SUPABASE_SERVICE_ROLE_KEY",
    "SUPABASE_STATUS_URL", "SUPABASE_URL", "TENANT_ADDRESS", "TENANT_CA", "TENANT_PGPASSFILE",
    "TRANSACTION_POOLER_URL", "VERCEL_API_URL", "VERCEL_AUTOMATION_BYPASS_SECRET", "VERCEL_PROJECT_ID",
    "VERCEL_STATUS_URL", "VERCEL_TEAM_ID", "VERCEL_TOKEN",
}  # fmt: skip


def announced(lines: Iterable[str]) -> dict[str, str]:
    """Name -> value of what a sandbox says, as a shell would read it."""
    said = (line.partition("=") for line in lines if not line.startswith("#"))
    return {name: "".join(shlex.split(value)) for name, _, value in said}


@dataclass(frozen=True)
class Sandbox:
    """A running one. `lines` is what it said: `NAME=value` each, and `# ready in 0.83 s` at the end."""

    process: subprocess.Popen[str]
    lines: list[str]

    @property
    def variables(self) -> dict[str, str]:
        """Name -> value, as a shell would read it."""
        return announced(self.lines)

    @property
    def trusted(self) -> ssl.SSLContext:
        """For a client of the frontend's: the authority that signed its certificate."""
        return ssl.create_default_context(cafile=self.variables["OCEAN_CA"])

    @property
    def folder(self) -> Path:
        """Where it keeps everything."""
        return Path(self.variables["OCEAN_CHECKOUT"]).parent

    def rows(self, query: str, url: str = "ADMIN_DATABASE_URL") -> list[Any]:
        """The rows of a query in a database that it announced; committed. Raises psycopg.Error."""
        with psycopg.connect(self.variables[url], autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()


@contextmanager
def sandbox(*arguments: str, prefix: tuple[str, ...] = COMMAND) -> Iterator[Sandbox]:
    """A sandbox that said it is ready; killed at the end if it still runs."""
    with subprocess.Popen([*prefix, *arguments], cwd=HOUSE, env=variables(), stdout=subprocess.PIPE, text=True) as one:
        guard = threading.Timer(SECONDS, one.kill)
        guard.start()
        try:
            yield Sandbox(one, _until_ready(one))
        finally:
            guard.cancel()
            one.terminate()
            one.wait(SECONDS)


def ended(
    *arguments: str, cwd: Path = HOUSE, more: Mapping[str, str] | None = None, prefix: tuple[str, ...] = COMMAND
) -> subprocess.CompletedProcess[str]:
    """What a sandbox says and returns when it ends by itself; `more` is added to its environment."""
    environment = {**variables(), **(more or {})}
    return subprocess.run(
        [*prefix, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def family(process: int) -> set[int]:
    """A process and all that descend from it now. Linux."""
    parents = {number: parent for number, (state, parent) in _processes().items() if state != "Z"}
    known, found = set[int](), {process}
    while found - known:
        known |= found
        found = known | {number for number, parent in parents.items() if parent in known}
    return known


def alive(processes: set[int]) -> set[int]:
    """Those that still run; one that has ended and was not collected does not."""
    return {number for number, (state, _) in _processes().items() if number in processes and state != "Z"}


def shared_memory(processes: set[int]) -> list[str]:
    """System V segments that these processes made."""
    lines = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
    return [line for line in lines if int(line.split()[4]) in processes]


def command_lines() -> str:
    """Every process's arguments, as anybody on the machine can read them."""
    said = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            said.append(file.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return "\n".join(said)


def listening_at(processes: set[int]) -> set[str]:
    """The addresses, in the kernel's hexadecimal, at which these processes accept TCP connections."""
    inodes = set()
    for number in processes:
        with suppress(OSError):
            inodes |= {os.readlink(link) for link in Path(f"/proc/{number}/fd").iterdir()}
    rows = [line.split() for table in ("tcp", "tcp6") for line in Path("/proc/net", table).read_text().splitlines()[1:]]
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in inodes}


def _until_ready(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if line.startswith("# ready"):
            return lines
    raise AssertionError(f"the sandbox ended before it was ready, having said {lines}")


def _processes() -> dict[int, tuple[str, int]]:
    """pid -> state and parent."""
    known = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = file.read_text().rpartition(")")[2].split()[:2]
            known[int(file.parent.name)] = state, int(parent)
    return known
