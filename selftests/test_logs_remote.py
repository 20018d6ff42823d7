"""Logs of Supabase and Vercel: both forms of SQL, and every broken answer told by name and path."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import respx

from fixtures import Secret, Unobservable
from fixtures.engine.api import Api, Refused
from fixtures.engine.http import Http
from fixtures.logs.line import CLIENTS_CLASSES, CLIENTS_STATES, SIGNUP_FAILED, SIGNUP_LOGIN, Line
from fixtures.logs.supabase import BIGQUERY, CLICKHOUSE, MOST_ROWS, PATH, SERVICES, SupabaseLogs
from fixtures.logs.vercel import read_build_log
from sandbox.services.management.log_sql import LogError, Query
from selftests.broken_answers import BROKEN, said

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://api.example/v1/projects/x"


@pytest.fixture(autouse=True)
def _asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is not asked for again: test_api.py tries that."""

    async def once(look: Callable[[], Awaitable[Any]], *, within: float, every: float) -> Any:
        return await look()

    monkeypatch.setattr("fixtures.engine.api.eventually", once)


def supabase() -> SupabaseLogs:
    return SupabaseLogs(Api(Http(), "Supabase", URL, Secret("SUPABASE_ACCESS_TOKEN", "not-a-secret")))


def test_the_statements_are_what_each_engine_runs_and_the_other_refuses() -> None:
    for statements, own, other in ((CLICKHOUSE, "clickhouse", "bigquery"), (BIGQUERY, "bigquery", "clickhouse")):
        assert set(statements) == {*SERVICES, "signups of auth", "signups of database"}
        for sql in statements.values():
            Query(sql, own)
            assert f"limit {MOST_ROWS}" in sql
            with pytest.raises(LogError):
                Query(sql, other).run([{"source": "auth_logs", "timestamp": 1, "event_message": "", "attributes": {}}])
        assert SIGNUP_FAILED in statements["signups of auth"]
        assert SIGNUP_LOGIN in statements["signups of database"]
        assert all(f"'{left_out}%'" in statements["database"] for left_out in CLIENTS_CLASSES)
        assert all(f"'{left_out}'" in statements["database"] for left_out in CLIENTS_STATES)


@respx.mock
@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_answer_of_the_log_endpoint(broken: httpx.Response | Exception) -> None:
    respx.get(URL + PATH).mock(**said(broken))

    with pytest.raises(Unobservable, match=r"Supabase /analytics|GET https://api\.example/v1"):
        asyncio.run(supabase().seen())


@respx.mock
@pytest.mark.parametrize(
    "answer",
    [
        {"error": "no"},
        {"result": [], "error": {"message": "no such function"}},
        {"result": [{"source": "auth_logs", "lines": 1, "newest": "yesterday"}]},
        {"result": "rows"},
    ],
)
def test_an_answer_of_another_kind_is_unobservable(answer: object) -> None:
    respx.get(URL + PATH).mock(return_value=httpx.Response(200, json=answer))

    with pytest.raises(Unobservable, match="Supabase /analytics"):
        asyncio.run(supabase().seen())


@respx.mock
def test_a_full_page_says_that_there_may_be_more_and_one_count_serves_all() -> None:
    row = {
        "timestamp": "2026-11-22 10:00:00.5",
        "event_message": "deadlock detected",
        "severity": "ERROR",
        "role": None,
    }
    counted = {"source": "postgres_logs", "lines": 9, "newest": "2026-11-22 10:00:00"}

    def answer(request: httpx.Request) -> httpx.Response:
        rows = [counted] if "group by" in request.url.params["sql"] else [row] * MOST_ROWS
        return httpx.Response(200, json={"result": rows})

    route = respx.get(URL + PATH).mock(side_effect=answer)

    async def look() -> tuple[list[Line], bool]:
        logs = supabase()
        assert (await logs.seen())["auth"].newest is None
        assert (await logs.seen())["database"].newest == NOW
        return await logs.errors("database", NOW - HOUR)

    lines, more = asyncio.run(look())

    assert (len(lines), more, route.call_count) == (MOST_ROWS, True, 2)
    for call in route.calls:
        asked = call.request.url.params
        begins, ends = (datetime.fromisoformat(asked[f"iso_timestamp_{end}"]) for end in ("start", "end"))
        assert ends - begins < timedelta(hours=24) or "group by" not in asked["sql"]


@respx.mock
@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_answer_of_vercel_s_events(broken: httpx.Response | Exception) -> None:
    respx.get("https://api.example/v3/deployments/dpl/events").mock(**said(broken))
    api = Api(Http(), "Vercel", "https://api.example", Secret("VERCEL_TOKEN", "not-a-secret"))

    with pytest.raises(Unobservable, match=r"/v3/deployments/dpl/events"):
        asyncio.run(read_build_log(api, "dpl"))


@respx.mock
def test_a_refusal_keeps_its_status() -> None:
    respx.get(URL + PATH).mock(return_value=httpx.Response(403, json={"message": "Forbidden resource"}))

    with pytest.raises(Refused) as refused:
        asyncio.run(supabase().seen())
    assert refused.value.status == 403


@respx.mock
def test_a_full_page_without_a_failed_sign_up_is_not_a_quiet_hour() -> None:
    row = {"timestamp": "2026-11-22 10:00:00.5", "event_message": "x", "severity": "ERROR", "role": SIGNUP_LOGIN}
    counted = {"source": "postgres_logs", "lines": 9, "newest": "2026-11-22 10:00:00"}

    def answer(request: httpx.Request) -> httpx.Response:
        rows = [counted] if "group by" in request.url.params["sql"] else [row] * MOST_ROWS
        return httpx.Response(200, json={"result": rows})

    respx.get(URL + PATH).mock(side_effect=answer)

    with pytest.raises(Unobservable, match=r"postgres_logs has over 1000 errors"):
        asyncio.run(supabase().failed_signups("database", NOW - HOUR))
