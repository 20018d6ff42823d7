"""Ten thousand tenants beside Neon's projects: a whole run of pytest, and what it asked, beside a run over ten of them.

The stand-in keeps Neon's limits (700 requests a minute, 40 a second of a kind) and answers from this machine: over a
distance each of the pages takes as long as Neon needs for it.
"""

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from benchmarks.figures import figure
from benchmarks.part import Part, all_beside
from benchmarks.rounds import interleaved
from benchmarks.voyage import ROOT
from fixtures.engine.http import Http
from fixtures.neon import differing
from fixtures.neon.api import NeonApi
from fixtures.neon.branches import look_at
from fixtures.neon.comparing import Sides
from fixtures.neon.projects import read_projects
from fixtures.tenants.rows import TenantRow
from fixtures.variables import Secret
from sandbox.services.neon.state import ORGANIZATION, PROXY, REGION
from selftests.neon_served import KEY, served

FEW, MANY = 1000, 10_000
SAMPLE = 50


def measure(count: int, tell: Callable[[str], None]) -> Part:
    """`count` rounds.

    Raises:
        RuntimeError: a run failed, or did not find everything in order.
    """
    children: dict[int, list[dict[str, float]]] = {FEW: [], MANY: []}
    kinds = {f"{size:,} tenants reconciled": partial(_seconds, size, children[size]) for size in children}
    took = interleaved({"uncounted": partial(_seconds, FEW, []), **kinds}, count, tell)
    del took["uncounted"]
    few, many = children[FEW], children[MANY]
    derived = {
        **{
            f"requests for {size:,} tenants": figure([one["requests"] for one in runs], "")
            for size, runs in children.items()
        },
        f"peak memory of the process, {FEW:,} tenants": figure([one["megabytes"] for one in few], "MB"),
        f"peak memory of the process, {MANY:,} tenants": figure([one["megabytes"] for one in many], "MB"),
    }
    title = f"tenants beside Neon's projects, and the computes of {SAMPLE} of them"
    return Part("neon", title, took, derived=derived, beside=all_beside(f"{MANY:,} tenants reconciled", took))


def _seconds(size: int, kept: list[dict[str, float]]) -> float:
    with served(size) as (variables, service):
        said = json.dumps({"url": variables["NEON_API_URL"], "size": size})
        command = [sys.executable, "-m", "benchmarks.neon"]
        ended = subprocess.run(command, cwd=ROOT, input=said, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise RuntimeError(f"the tenants were not reconciled: {ended.stderr[-500:]}")
        found: dict[str, float] = {**json.loads(ended.stdout), "requests": float(len(service.asked))}
    kept.append(found)
    return found["seconds"]


def _row(number: int) -> TenantRow:
    name = f"tenant-{number:05}"
    return TenantRow(f"organization {number}", name, REGION, f"ep-{name}.{PROXY}", "ready", 60.0)


async def _reconciled(url: str, rows: tuple[TenantRow, ...]) -> list[object]:
    """Everything that does not agree, of tenants that all do."""
    http = Http()
    api = NeonApi(http, url, Secret("NEON_API_KEY", KEY))
    sides = Sides(rows, rows, await read_projects(api, ORGANIZATION), ("tenant-*",), ())
    sample = await look_at(api, sides.paired[:SAMPLE], len(rows))
    await http.close()
    now = datetime.now(UTC)
    found: list[Any] = [
        differing.without_project(sides, {}), differing.without_row(sides, timedelta(minutes=15), now),
        differing.shared(sides), differing.regions(sides, (REGION,)), differing.hosts(sides),
        differing.versions(sides, (17,)), differing.windows(sides.tenants.values(), 86400.0),
        [one for one in sample.looked.values() if one.problem],
    ]  # fmt: skip
    return [each for kind in found for each in kind]


def _here() -> None:
    """In a process of its own: the seconds, and the most memory that the process ever had."""
    given = json.load(sys.stdin)
    began = time.monotonic()
    found = asyncio.run(_reconciled(given["url"], tuple(map(_row, range(1, given["size"] + 1)))))
    seconds = time.monotonic() - began
    if found:
        raise SystemExit(f"{len(found)} do not agree: {found[:3]}")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes}))


if __name__ == "__main__":
    _here()
