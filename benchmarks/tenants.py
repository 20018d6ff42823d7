"""Asking many tenants by SQL: the sweep, beside a plain loop, and beside what the server can do (`pgbench -C`).

Real databases of one server, behind a proxy that ends TLS (both in processes of their own, on the same machine).
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.figures import Figure, figure
from benchmarks.part import Missing, Part, all_beside
from benchmarks.rounds import interleaved
from benchmarks.voyage import ROOT
from fixtures.tenants.asking import Asking
from fixtures.tenants.fleet import ask_all
from fixtures.tenants.rows import TenantRow, TenantRows
from fixtures.variables import Variable
from sandbox.account import account
from sandbox.binaries import programs
from sandbox.cache import cache_folder
from sandbox.tenant_databases import DATABASE, READER, database_of, role_of
from selftests.tenant_fleet import Fleet, fleet

FEW, MANY = 200, 1000
AT_ONCE = 16
QUERY = "select max(version), count(*) from public.schema_migrations"
DEBIANS = "/usr/lib/postgresql"
"""Where a pgbench is that speaks TLS; that of the wheel does not."""


def measure(count: int, tell: Callable[[str], None], size: int = FEW) -> Part:
    """`count` rounds over `size` tenants.

    Raises:
        RuntimeError: a tenant did not answer, or pgbench failed.
    """
    tell(f"{size:,} databases are made")
    with fleet(size) as running:
        kinds: dict[str, Callable[[], float]] = {
            f"the sweep, {AT_ONCE} at once": partial(_alone, running),
            "a plain loop, one after the other": partial(_loop, running),
            f"pgbench -C, {AT_ONCE} clients, without TLS and proxy": partial(_pgbench, running, _direct(running)),
        }
        secure = _pgbench_with_tls()
        if secure:
            kinds[f"pgbench -C, {AT_ONCE} clients, TLS, through the proxy"] = partial(
                _pgbench, running, _through(running), secure
            )
        _loop(running)  # each database is read for the first time
        took = interleaved(kinds, count, tell)
        memory = [_child(running, some)["megabytes"] for some in (size // 10, size)]
    return Part(
        "tenants",
        f"{size:,} tenants asked by SQL, over verified TLS",
        took,
        derived=_peaks(memory),
        beside=all_beside(next(iter(took)), took),
        missing=[] if secure else [Missing("pgbench over TLS", "install a PostgreSQL: apt install postgresql")],
    )


def _peaks(memory: Sequence[float]) -> dict[str, Figure]:
    named = zip(("a tenth of them", "all of them"), memory, strict=True)
    return {f"peak memory of the sweep's process, {name}": figure([mb], "MB") for name, mb in named}


def _alone(running: Fleet) -> float:
    return _child(running, len(running.hosts))["seconds"]


def _child(running: Fleet, size: int) -> dict[str, float]:
    """What a process says that asks so many of them."""
    said = {"hosts": running.hosts[:size], "address": running.address, "ca": running.ca, "passfile": running.passfile}
    command = [sys.executable, "-m", "benchmarks.tenants"]
    ended = subprocess.run(command, cwd=ROOT, input=json.dumps(said), capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"the sweep failed: {ended.stderr[-500:]}")
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def _sweep_here() -> None:
    """In that process: seconds of the sweep alone, and the most memory that the process ever had."""
    given = json.load(sys.stdin)
    rows = tuple(
        TenantRow(host, f"seed-{host[3:].partition('.')[0]}", "", host, "ready", None) for host in given["hosts"]
    )
    files: dict[str, Any] = {name: Variable(None, given[name]) for name in ("address", "ca", "passfile")}
    asking = Asking(domains=("neon.example",), at_once=AT_ONCE, **files)
    began = time.monotonic()
    seen = asyncio.run(ask_all(TenantRows("t", rows, len(rows)), ("ready",), asking, "staging"))
    seconds = time.monotonic() - began
    if seen.reach.reached != len(rows):
        raise SystemExit(f"only {seen.reach.reached} of {len(rows)} answered: {seen.reach.kinds}")
    print(json.dumps({"seconds": seconds, "megabytes": _most_megabytes()}))


def _most_megabytes() -> float:
    """The most that this process ever had. Linux: getrusage also knows of whoever started it, before it began."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _loop(running: Fleet) -> float:
    """What one writes who has not thought of anything."""
    began = time.monotonic()
    for host in running.hosts:
        with psycopg.connect(_through(running, host)) as connection:
            connection.execute(QUERY.encode()).fetchall()
    return time.monotonic() - began


def _through(running: Fleet, host: str = "") -> str:
    address, _, port = running.address.rpartition(":")
    return (
        f"host={host or running.hosts[0]} hostaddr={address} port={port} user={READER} dbname={DATABASE}"
        f" passfile={running.passfile} sslmode=verify-full sslrootcert={running.ca}"
    )


def _direct(running: Fleet) -> str:
    return f"host=127.0.0.1 port={running.port} user={role_of('t0')} dbname={database_of('t0')} sslmode=disable"


def _pgbench(running: Fleet, conninfo: str, program: str = "") -> float:
    """As many connections as there are tenants, all to one of them, each for one transaction."""
    script = ROOT / "benchmarks" / "out" / "tenants.sql"
    script.parent.mkdir(exist_ok=True)
    script.write_text(QUERY + ";\n", encoding="utf-8")
    each = len(running.hosts) // AT_ONCE
    command = [program or str(programs(account(), cache_folder(account())) / "pgbench")]
    command += ["-n", "-C", "-c", str(AT_ONCE), "-j", "2", "-t", str(each), "-f", str(script), conninfo]
    password = Path(running.passfile).read_text(encoding="utf-8").splitlines()[0].rpartition(":")[2]
    began = time.monotonic()
    ended = subprocess.run(
        command, env={"PATH": os.defpath, "PGPASSWORD": password}, capture_output=True, text=True, check=False
    )
    if ended.returncode or f"processed: {each * AT_ONCE}/" not in ended.stdout:
        raise RuntimeError(f"pgbench failed: {ended.stderr[-500:]}")
    return (time.monotonic() - began) * len(running.hosts) / (each * AT_ONCE)


def _pgbench_with_tls() -> str:
    found = sorted(Path(DEBIANS).glob("*/bin/pgbench"))
    return str(found[-1]) if found else shutil.which("pgbench") or ""


if __name__ == "__main__":
    _sweep_here()
