"""The client of GitHub's API, and the stand-in for it: lists to their end, every broken answer told."""

import asyncio
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import respx

from fixtures import Secret, Unobservable
from fixtures.engine.api import Query
from fixtures.engine.http import Http
from fixtures.github import HEADERS
from fixtures.github.api import GitHubApi
from fixtures.github.runs import CheckRun, CommitChecks
from sandbox.faults import Faults
from sandbox.services.github import service
from sandbox.services.release import COMMIT
from sandbox.services.service import World
from sandbox.world import Secrets
from selftests.broken_answers import BROKEN, said

BASE = "https://api.github.com/repos/ocean/ocean/commits/c0ffee"
RUNS, STATUS = f"{BASE}/check-runs", f"{BASE}/status"
NO_RUNS: dict[str, Any] = {"total_count": 0, "check_runs": []}
NO_STATUSES: dict[str, Any] = {"state": "pending", "total_count": 0, "statuses": []}


class Impatient(GitHubApi):
    """Does not ask again: that is seen in test_api.py."""

    async def _reply(self, path: str, query: Query, within: float) -> Any:
        return await super()._reply(path, query, 0)


def seen(repository: str = "ocean/ocean") -> tuple[CheckRun, ...]:
    api = Impatient(Http(), "GitHub", "https://api.github.com", Secret("GITHUB_TOKEN", "x-token"), headers=HEADERS)
    return asyncio.run(_of(CommitChecks(api, repository)))


async def _of(checks: CommitChecks) -> tuple[CheckRun, ...]:
    return await checks.of("c0ffee")


def run(
    number: int, name: str, conclusion: str | None = "success", status: str = "completed", suite: int = 1
) -> dict[str, Any]:
    known = {"id": number, "name": name, "status": status, "conclusion": conclusion}
    return {**known, "html_url": f"https://x/{number}", "check_suite": {"id": suite}}


def runs(*items: dict[str, Any], more: int = 0) -> httpx.Response:
    return httpx.Response(200, json={"total_count": len(items) + more, "check_runs": list(items)})


@respx.mock
@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("where", [RUNS, STATUS])
def test_a_broken_answer_is_told(where: str, broken: httpx.Response | Exception) -> None:
    respx.get(RUNS).mock(return_value=runs(run(1, "test")))
    respx.get(STATUS).mock(return_value=httpx.Response(200, json=NO_STATUSES))
    respx.get(where).mock(**said(broken))  # in the place of one of them

    with pytest.raises(Unobservable, match=r"GitHub /repos/ocean/ocean/commits|GET https://api\.github\.com/repos"):
        seen()


@respx.mock
@pytest.mark.parametrize("where", [RUNS, STATUS])
def test_an_answer_without_the_fields_is_no_empty_one(where: str) -> None:
    respx.get(RUNS).mock(return_value=runs(run(1, "test")))
    respx.get(STATUS).mock(return_value=httpx.Response(200, json=NO_STATUSES))
    respx.get(where).mock(return_value=httpx.Response(200, json={}))

    with pytest.raises(Unobservable, match="answered something else than documented"):
        seen()


@respx.mock
def test_runs_are_read_page_by_page_to_the_end() -> None:
    link = {"link": f'<{RUNS}?per_page=100&page=2>; rel="next"'}
    first = httpx.Response(200, json={"total_count": 2, "check_runs": [run(1, "test")]}, headers=link)
    second = httpx.Response(200, json={"total_count": 2, "check_runs": [run(2, "build")]})
    route = respx.get(RUNS).mock(side_effect=[first, second])
    respx.get(STATUS).mock(return_value=httpx.Response(200, json=NO_STATUSES))

    assert {one.name for one in seen()} == {"test", "build"}
    headers = route.calls[0].request.headers
    assert (headers["x-github-api-version"], headers["authorization"]) == ("2022-11-28", "Bearer x-token")


@respx.mock
def test_a_list_that_lacks_some_is_not_known() -> None:
    respx.get(RUNS).mock(return_value=runs(run(1, "test"), more=3))
    respx.get(STATUS).mock(return_value=httpx.Response(200, json=NO_STATUSES))

    with pytest.raises(Unobservable, match="says that there are 4 and gave 1"):
        seen()


@respx.mock
def test_the_newest_of_a_name_counts_and_statuses_do_too() -> None:
    older, newer = run(1, "test", "failure", suite=7), run(9, "test", suite=7)
    respx.get(RUNS).mock(return_value=runs(newer, older, run(5, "build", None, "queued")))
    statuses = [
        {"id": 3, "context": "Vercel", "state": "pending", "target_url": None},
        {"id": 2, "context": "Vercel", "state": "failure", "target_url": None},
        {"id": 4, "context": "codecov", "state": "error", "target_url": "https://y"},
    ]
    respx.get(STATUS).mock(return_value=httpx.Response(200, json={"total_count": 3, "statuses": statuses}))

    assert {one.name: one.conclusion for one in seen()} == {
        "test": "success", "build": None, "Vercel": None, "codecov": "error",
    }  # fmt: skip


@respx.mock
def test_a_run_of_another_suite_does_not_hide_one_that_failed() -> None:
    respx.get(RUNS).mock(return_value=runs(run(1, "test", "failure", suite=7), run(9, "test", suite=8)))
    respx.get(STATUS).mock(return_value=httpx.Response(200, json=NO_STATUSES))

    assert sorted((one.name, one.conclusion) for one in seen()) == [("test", "failure"), ("test", "success")]


@respx.mock
@pytest.mark.parametrize("header", [{"x-ratelimit-remaining": "0"}, {"retry-after": "60"}])
def test_a_rate_limit_is_told_from_a_missing_right(header: dict[str, str]) -> None:
    respx.get(RUNS).mock(return_value=httpx.Response(403, headers=header))
    respx.get(STATUS).mock(return_value=httpx.Response(200, json=NO_STATUSES))

    with pytest.raises(Unobservable, match="answered 403: the rate limit is used up"):
        seen()


@respx.mock
def test_a_commit_for_which_nothing_ran_is_not_green() -> None:
    respx.get(RUNS).mock(return_value=httpx.Response(200, json=NO_RUNS))
    respx.get(STATUS).mock(return_value=httpx.Response(200, json=NO_STATUSES))

    with pytest.raises(Unobservable, match="nothing ran for c0ffee on GitHub: push it"):
        seen()


@respx.mock
def test_a_commit_that_was_not_pushed_says_so() -> None:
    respx.get(RUNS).mock(return_value=httpx.Response(422, json={"message": "No commit found for SHA: c0ffee"}))
    respx.get(STATUS).mock(return_value=httpx.Response(200, json=NO_STATUSES))

    with pytest.raises(Unobservable, match="GitHub has no commit c0ffee in ocean/ocean: push it first"):
        seen()


@pytest.mark.parametrize("repository", ["ocean", "https://github.com/ocean/ocean", ""])
def test_a_repository_is_owner_and_name(repository: str) -> None:
    with pytest.raises(Unobservable, match="write owner/name"):
        seen(repository)


class StandIn:
    """Asked in this process; `path` with its query."""

    def __init__(self, folder: Path) -> None:
        secrets, nothing = Secrets(), cast(Any, None)
        world = World(secrets, nothing, Faults(()), folder, nothing, nothing)
        offered = service(world)
        self._transport = httpx.ASGITransport(offered.application)
        token = offered.variables("http://github.test")["GITHUB_TOKEN"]
        self._headers = {"authorization": f"Bearer {token}", "user-agent": "self-test"}

    def get(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return asyncio.run(self._asked(method, path, {**self._headers, **named}))

    async def _asked(self, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
        async with httpx.AsyncClient(transport=self._transport, base_url="http://github.test") as client:
            return await client.request(method, path, headers=headers)


@pytest.fixture
def stand_in(tmp_path: Path) -> StandIn:
    return StandIn(tmp_path)


def test_the_stand_in_s_pages_lead_to_the_end(stand_in: StandIn) -> None:
    path: str | None = f"/repos/ocean/ocean/commits/{COMMIT}/check-runs?per_page=2"
    names: list[str] = []
    while path:
        page = stand_in.get(path)
        assert page.json()["total_count"] == 3
        names += [one["name"] for one in page.json()["check_runs"]]
        path = page.links["next"]["url"] if "next" in page.links else None

    assert sorted(names) == ["build", "migrations", "preview"]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (f"/repos/ocean/ocean/commits/{COMMIT}/status", {}, 200),
        ("/repos/ocean/ocean/commits/main/check-runs?filter=all&status=completed", {}, 200),
        ("/repos/ocean/ocean/commits/0000000/check-runs", {}, 422),
        (f"/repos/ocean/ocean/commits/{COMMIT}/check-runs?perpage=100", {}, 422),
        (f"/repos/ocean/ocean/commits/{COMMIT}/check-runs?page=two", {}, 422),
        (f"/repos/other/ocean/commits/{COMMIT}/status", {}, 404),
        ("/repos/ocean/ocean/pulls", {}, 404),
        (f"/repos/ocean/ocean/commits/{COMMIT}/status", {"authorization": "Bearer wrong"}, 401),
        (f"/repos/ocean/ocean/commits/{COMMIT}/status", {"authorization": ""}, 404),
        (f"/repos/ocean/ocean/commits/{COMMIT}/status", {"user_agent": ""}, 403),
        (f"/repos/ocean/ocean/commits/{COMMIT}/status", {"x_github_api_version": "1999-01-01"}, 400),
    ],
)
def test_the_stand_in_asks_for_what_is_documented(
    path: str, headers: dict[str, str], status: int, stand_in: StandIn
) -> None:
    assert stand_in.get(path, **headers).status_code == status


def test_the_stand_in_writes_nothing(stand_in: StandIn) -> None:
    assert stand_in.get(f"/repos/ocean/ocean/commits/{COMMIT}/check-runs", "POST").status_code == 405
