"""TEN-5, the control plane: ten thousand tenants are reconciled in few requests and little memory, and one by one."""

import asyncio
import os
import sys
import tracemalloc
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import respx

from fixtures.engine.http import Http
from fixtures.neon import differing
from fixtures.neon.branches import AT_ONCE, chosen, look_at
from fixtures.neon.comparing import Sides
from fixtures.neon.disagreement import MOST
from fixtures.neon.projects import read_projects
from fixtures.tenants.rows import TenantRow
from sandbox.services.neon.state import ORGANIZATION, PROXY, REGION
from selftests.answered_here import once
from selftests.neon_asked import api, standing_in
from selftests.neon_served import served, write_down
from selftests.running_sandbox import Sandbox, sandbox
from selftests.voyage import HOUSE, Voyage, run

MANY = 10_000
PAGES = 27
"""Requests for 10,004 projects: 26 pages of 400 and an empty one."""
MEGABYTES = 1024 * 1024
NAMES = [f"tenant-{number:05}" for number in range(1, MANY + 1)]


def row(name: str) -> TenantRow:
    return TenantRow(f"organization-of-{name}", name, REGION, f"ep-{name}.{PROXY}", "ready", 60.0)


def sides(rows: list[TenantRow], projects: int = MANY) -> Sides:
    with standing_in() as serve:
        serve({"synthetic_projects": projects})
        read = asyncio.run(read_projects(api(), ORGANIZATION))
    assert read.requests == PAGES
    return Sides(tuple(rows), tuple(rows), read, ("tenant-*",), ())


def everything(both: Sides) -> dict[str, int]:
    """What differs, in each respect."""
    now = datetime.now(UTC)
    return {
        "no-project": len(differing.without_project(both, {})),
        "no-row": len(differing.without_row(both, timedelta(minutes=15), now)),
        "shared": len(differing.shared(both)),
        "region": len(differing.regions(both, (REGION,))),
        "host": len(differing.hosts(both)),
        "version": len(differing.versions(both, (17,))),
        "window": len(differing.windows(both.tenants.values(), 7 * 86400)),
    }


def test_ten_thousand_tenants_agree_within_bounds() -> None:
    rows = [row(name) for name in NAMES]
    tracemalloc.start()
    try:
        both = sides(rows)
        found = everything(both)
        kept, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert set(found.values()) == {0}, found
    assert kept < 16 * MEGABYTES
    assert most < 32 * MEGABYTES  # the stand-in's own pages among it


def test_the_few_that_differ_are_found_among_ten_thousand() -> None:
    rows = [row(name) for name in NAMES[3:]]
    rows += [row("tenant-gone-1"), row("tenant-gone-2")]
    rows[0] = TenantRow("a", rows[0].project, "aws-us-east-2", rows[0].host, "ready", 60.0)
    rows[1] = TenantRow("b", rows[1].project, REGION, rows[2].host, "ready", 60.0)

    both = sides(rows)

    assert everything(both) == {
        "no-project": 2, "no-row": 3, "shared": 1, "region": 1, "host": 0, "version": 0, "window": 0,
    }  # fmt: skip
    assert [each.about for each in differing.without_row(both, timedelta(0), datetime.now(UTC))] == [
        "project tenant-00001", "project tenant-00002", "project tenant-00003",
    ]  # fmt: skip


def test_every_project_has_its_turn_in_the_sample() -> None:
    days = [date(2026, 1, 1) + timedelta(days=day) for day in range(30)]
    turns = [chosen(NAMES[:200], 50, day) for day in days]

    assert all(len(set(turn)) == 50 for turn in turns)
    assert turns[0] != turns[1]
    assert chosen(reversed(NAMES[:200]), 50, days[0]) == turns[0]
    assert set().union(*turns) == set(NAMES[:200])


def test_one_project_that_hangs_is_told_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fixtures.engine.api.eventually", once)
    under_way, most = 0, 0

    async def answer(request: httpx.Request) -> httpx.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            await asyncio.sleep(60 if f"/{NAMES[7]}/" in request.url.path else 0)
        finally:
            under_way -= 1
        return httpx.Response(200, json={"branches": [], "endpoints": []})

    with respx.mock:
        respx.route(host="console.neon.tech").mock(side_effect=answer)
        monkeypatch.setattr(Http.request, "__kwdefaults__", {**(Http.request.__kwdefaults__ or {}), "within": 0.5})
        seen = asyncio.run(look_at(api(), NAMES[:400], MANY))

    assert [name for name, one in seen.looked.items() if one.problem] == [NAMES[7]]
    assert "no answer within 0.5 s" in seen.looked[NAMES[7]].problem
    assert len(seen.looked) == 400
    assert 1 < most <= AT_ONCE


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        write_down(started.variables["ADMIN_DATABASE_URL"], MANY)
        yield started


def smoke(ocean: Sandbox, neon: Mapping[str, str], folder: Path) -> Voyage:
    given = [f"{name}={value}" for name, value in {**ocean.variables, **neon}.items()]
    checks = ["checks/tenants", "checks/recovery/tenants_restorable.py", "-k", "not reachable and not swept"]
    command = ["env", *given, sys.executable, "-m", "pytest", "-m", "prod-smoke", *checks, "--report", str(folder)]
    command += ["--env-file", str(HOUSE / "benchmarks" / "ocean.toml")]
    return run([*command, "-o", f"cache_dir={folder / 'cache'}"], folder, 120)


def test_a_run_over_ten_thousand_tenants_keeps_to_neon_s_limits(ocean: Sandbox, tmp_path: Path) -> None:
    with served(MANY) as (neon, service):
        voyage = smoke(ocean, neon, tmp_path)

    assert voyage.ids("verified") >= {
        "tenants_provisioned", "tenants_ready[none-failed]", "projects_agree[no-project-lost]",
        "projects_agree[no-row-lost]", "projects_agree[host]", "computes_enabled[sample]", "tenants_restorable",
    }, voyage.output  # fmt: skip
    assert voyage.ids("blind", "violated") == set(), voyage.output
    assert service.asked.count("/projects") == PAGES
    assert len(service.asked) == PAGES + 2 * 50
    assert os.path.getsize(tmp_path / "verdicts.json") < MEGABYTES  # ten thousand tenants are not in it


def test_a_finding_names_a_few_of_thousands_and_counts_all(ocean: Sandbox, tmp_path: Path) -> None:
    with served(MANY - 2000) as (neon, _):
        voyage = smoke(ocean, neon, tmp_path)

    told = voyage.verdicts["projects_agree[no-project-lost]"]
    assert voyage.ids("violated") == {"projects_agree[no-project-lost]"}, voyage.output
    assert told["message"].startswith("2000 do not agree, the first: ")
    assert len(told["subjects"]) == MOST
    assert os.path.getsize(tmp_path / "verdicts.json") < MEGABYTES
