"""The stand-in for Neon takes what is documented and nothing else, has Neon's limits, and Neon's own CLI reads it."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]  # it has no types
import pytest

from fixtures.neon.pace import METERS, Pace
from sandbox.services.neon import FORBIDDEN
from sandbox.services.neon.limits import Limited
from selftests.bystander import requests
from selftests.neon_asked import ATOLL, SHAPES
from selftests.running_sandbox import Sandbox, sandbox
from selftests.voyage import HOUSE, run

NEONCTL = HOUSE / "clis" / "node_modules" / ".bin" / "neonctl"
SLUGS = {"atoll-charter", "breaker-surf-school", "caros-own"}


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


def ask(ocean: Sandbox, path: str, method: str = "GET", key: str | None = None, **query: str) -> httpx.Response:
    said = ocean.variables
    headers = {"authorization": f"Bearer {said['NEON_API_KEY'] if key is None else key}"}
    return httpx.request(method, said["NEON_API_URL"] + path, params=query, headers=headers)


@pytest.mark.parametrize("name", [name for name, shape in SHAPES.items() if "path" in shape])
def test_answers_have_the_published_shape(name: str, ocean: Sandbox) -> None:
    organization = ocean.variables["NEON_ORG_ID"]
    path = SHAPES[name]["path"].format(project_id=ATOLL, org_id=organization)
    query = {"org_id": organization} if name == "projects" else {}

    answer = ask(ocean, path, **query)

    assert answer.status_code == 200
    jsonschema.validate(answer.json(), SHAPES[name]["response"])
    assert ask(ocean, path, **query, per_page="5").status_code == 400


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/projects", {}, 400), ("/projects", {"org_id": "org-other"}, 404), ("/projects/seed-nobody", {}, 404),
        ("/projects/Seed_Nobody", {}, 400), ("/projects", {"limit": "401"}, 400), ("/projects", {"limit": "0"}, 400),
        ("/projects", {"limit": "many"}, 400), ("/projects", {"timeout": "50"}, 400),
        ("/projects", {"recoverable": "yes"}, 400), ("/projects/", {}, 404), ("/project", {}, 404),
        ("/projects/seed-nobody/branches", {}, 404), (f"/projects/{ATOLL}/branches", {"sort_by": "size"}, 400),
        ("/organizations/org-other", {}, 404),
    ],
)  # fmt: skip
def test_what_neon_refuses_is_refused(path: str, query: dict[str, str], status: int, ocean: Sandbox) -> None:
    own = {"org_id": ocean.variables["NEON_ORG_ID"]} if path == "/projects" and query else {}

    refused = ask(ocean, path, **{**own, **query})

    assert refused.status_code == status
    jsonschema.validate(refused.json(), SHAPES["error"])


def test_nothing_can_be_changed_and_no_key_is_no_way_in(ocean: Sandbox) -> None:
    assert ask(ocean, "/projects", "POST").status_code == 405
    assert ask(ocean, f"/projects/{ATOLL}", "DELETE").status_code == 405
    assert ask(ocean, "/projects", key="-").status_code == 401
    assert ask(ocean, "/projects", key="napi_other").status_code == 401


@pytest.mark.parametrize("path", FORBIDDEN)
def test_what_has_a_secret_or_wakes_a_compute_fails_loudly(path: str, ocean: Sandbox) -> None:
    names = {"project": ATOLL, "branch": "br-atoll-charter", "endpoint": "ep-atoll-charter", "role": "owner"}

    assert ask(ocean, path.format(**names)).json()["code"] == "FORBIDDEN_HERE"


def test_the_owner_s_address_is_handed_out_as_by_neon_and_kept_by_nobody(ocean: Sandbox, tmp_path: Path) -> None:
    assert ask(ocean, f"/projects/{ATOLL}").json()["project"]["owner"]["email"] == "ops@ocean.example"

    given = [f"{name}={value}" for name, value in ocean.variables.items()]
    command = ["env", *given, sys.executable, "-m", "pytest", "checks/tenants", "checks/recovery/tenants_restorable.py"]
    voyage = run([*command, "-k", "not tenants_swept", "--report", str(tmp_path)], tmp_path, 60)

    asked = [line for line in requests(ocean) if line.startswith("neon GET /api/v2/projects")]
    assert len(asked) > 3, voyage.output
    assert {"projects_agree[host]", "tenants_restorable"} <= voyage.ids("verified"), voyage.output
    left = "".join(file.read_text(encoding="utf-8", errors="replace") for file in tmp_path.rglob("*") if file.is_file())
    assert "ops@ocean.example" not in left + voyage.output
    assert ocean.variables["NEON_API_KEY"] not in left + voyage.output


class Clock:
    """A time that only passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def _fine(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def statuses(paces: list[tuple[float, str]]) -> list[int]:
    """What a limited service answers to requests for these paths, each so many seconds after the one before."""
    clock, seen = Clock(), []
    limited = Limited(_fine, {"minute": 700, "second": 40}, clock)

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            seen.append(message["status"])

    async def nothing() -> Any:
        return {"type": "http.disconnect"}

    async def all_of_them() -> None:
        for pause, path in paces:
            clock.now += pause
            await limited({"type": "http", "path": path, "method": "GET", "headers": []}, nothing, send)

    asyncio.run(all_of_them())
    return seen


def test_more_than_forty_of_a_kind_in_a_second_are_too_many() -> None:
    one_kind = [(0.0, f"/api/v2/projects/p{number}/branches") for number in range(45)]

    assert statuses(one_kind) == [200] * 40 + [429] * 5
    assert statuses([*one_kind[:40], (0.0, "/api/v2/projects")]) == [200] * 41
    assert statuses([*one_kind, (1.1, one_kind[0][1])])[-1] == 200


def test_more_than_seven_hundred_in_a_minute_are_too_many() -> None:
    steady = [(1 / 12, "/api/v2/projects")] * 720

    assert statuses(steady) == [200] * 700 + [429] * 20


def test_our_pace_is_within_these_limits() -> None:
    clock = Clock()
    pace = Pace(clock=clock)
    waits = []
    for _ in range(2000):
        waits.append(pace.wait())
        clock.now += waits[-1]

    assert set(statuses([(wait, "/api/v2/projects/p/branches") for wait in waits])) == {200}
    (burst, rate), (at_once, _) = METERS
    assert waits[:at_once] == [0.0] * at_once
    assert sum(waits[:burst]) < 7
    assert sum(waits) == pytest.approx((2000 - burst) / rate, rel=0.01)


def test_the_limits_of_the_stand_in_stop_a_pace_that_is_too_fast() -> None:
    assert 429 in statuses([(1 / 45, "/api/v2/projects/p/branches")] * 100)


@pytest.mark.skipif(not NEONCTL.exists(), reason="neonctl is not installed: make clis installs it")
def test_neon_s_own_command_line_reads_it(ocean: Sandbox, tmp_path: Path) -> None:
    said = ocean.variables

    def neonctl(*words: str) -> Any:
        command = [str(NEONCTL), *words, "--output", "json", "--no-analytics", "--api-host", said["NEON_API_URL"]]
        known = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "CI": "1", "NEON_API_KEY": said["NEON_API_KEY"]}
        ended = subprocess.run(command, capture_output=True, text=True, env=known, timeout=60, check=False)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)

    listed = neonctl("projects", "list", "--org-id", said["NEON_ORG_ID"])
    branches = neonctl("branches", "list", "--project-id", ATOLL)

    assert {project["name"] for project in listed} == SLUGS | {"docs-search"}
    assert neonctl("projects", "get", ATOLL)["history_retention_seconds"] == 604800
    assert [branch["name"] for branch in branches] == ["main"]
    assert neonctl("operations", "list", "--project-id", ATOLL) == []
    assert neonctl("api", f"/projects/{ATOLL}/endpoints")["endpoints"][0]["disabled"] is False
