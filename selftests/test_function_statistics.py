"""How Edge Functions did and started: averages, ranks, and statistics and logs that say nothing."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import respx

from fixtures import Secret, Unobservable
from fixtures.engine.api import Api
from fixtures.engine.http import Http
from fixtures.functions.boots import FunctionBoots, read_boots, with_durations
from fixtures.functions.deployed import DeployedFunction
from fixtures.functions.statistics import FunctionStatistics, read_statistics

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WELL = {
    "success_count": 8, "redirect_count": 0, "client_err_count": 1, "server_err_count": 1,
    "avg_execution_time": 100, "max_execution_time": 900,
}  # fmt: skip


def deployed(slug: str) -> DeployedFunction:
    return DeployedFunction(id=slug, slug=slug, status="ACTIVE", version=1, updated=NOW)


def statistics(*answers: Any) -> tuple[FunctionStatistics, ...]:
    functions = tuple(deployed(f"function-{nth}") for nth in range(len(answers)))

    async def looked() -> tuple[FunctionStatistics, ...]:
        api = Api(Http(), "Supabase", "https://api.supabase.com", Secret("SUPABASE_ACCESS_TOKEN", "sbp_not_a_secret"))
        return await read_statistics(api, functions, "1hr")

    with respx.mock(assert_all_called=False) as router:
        for function, answer in zip(functions, answers, strict=True):
            router.get(params={"function_id": function.id, "interval": "1hr"}).respond(json=answer)
        return asyncio.run(looked())


def test_averages_are_weighed_by_requests() -> None:
    many = {**WELL, "success_count": 88, "avg_execution_time": "200.0", "max_execution_time": "4000"}

    (seen,) = statistics({"result": [WELL, many]})

    assert (seen.requests, seen.failed, seen.longest_ms) == (100, 2, 4000.0)
    assert seen.average_ms == 190.0
    assert seen.failed_share == 0.02


def test_a_function_that_nobody_called_has_no_share_of_failures() -> None:
    idle, busy = statistics({"result": []}, {"result": [WELL]})

    assert (idle.requests, idle.failed_share, busy.requests) == (0, 0.0, 10)


def test_rows_without_a_duration_do_not_make_it_shorter() -> None:
    (seen,) = statistics({"result": [WELL, {**WELL, "avg_execution_time": None}]})

    assert seen.average_ms == 100.0


def test_a_project_with_very_many_functions_is_not_asked_for_each() -> None:
    with pytest.raises(Unobservable, match="watch"):
        statistics(*[{"result": [WELL]}] * 61)


@pytest.mark.parametrize(
    "answer",
    [
        {"result": [{**WELL, "avg_execution_time": None}]},
        {"result": []},
        {"result": None},
        {"error": "backend timed out"},
        {"result": [WELL], "error": {"code": 500, "message": "backend timed out", "status": "INTERNAL", "errors": []}},
        {"result": [{**WELL, "success_count": "many"}]},
        {"result": [{"count": 3}]},
        {"result": [[1]]},
    ],
    ids=["no-duration", "no-rows", "null", "error", "rows-and-error", "no-number", "other-names", "lists"],
)
def test_statistics_that_say_nothing_are_no_pass(answer: Any) -> None:
    with pytest.raises(Unobservable, match="Supabase"):
        statistics(answer)


def boots(*answers: Any) -> FunctionBoots:
    async def looked() -> FunctionBoots:
        api = Api(Http(), "Supabase", "https://api.supabase.com", Secret("SUPABASE_ACCESS_TOKEN", "sbp_not_a_secret"))
        return await read_boots(api, "1hr", NOW)

    with respx.mock(assert_all_called=True) as router:
        router.get().mock(side_effect=[httpx.Response(200, json=answer) for answer in answers])
        return asyncio.run(looked())


def booted(*times: str) -> dict[str, Any]:
    return {
        "result": [{"timestamp": 1, "event_message": f"booted (time: {one})", "event_type": "Boot"} for one in times]
    }


def test_starts_are_ranked() -> None:
    seen = boots(booted(*["30ms"] * 10, *["40.5ms"] * 9, "2s"))

    assert (seen.boots, seen.failures, seen.median_ms, seen.p95_ms) == (20, 0, 30.0, 40.5)
    assert boots(booted(*["30ms"] * 10, *["40ms"] * 8, "2s", "2s")).p95_ms == 2000.0


def test_a_failed_start_has_no_duration() -> None:
    failed = {"timestamp": "2026-11-22 11:59:00", "event_message": "worker boot error", "event_type": "BootFailure"}
    seen = boots({"result": [failed]})

    assert (seen.boots, seen.failures, seen.last_failure) == (0, 1, "2026-11-22 11:59:00")
    with pytest.raises(Unobservable, match="failed"):
        with_durations(seen)


def test_the_old_log_engine_is_asked_when_the_new_one_does_not_know_the_table() -> None:
    assert boots({"error": {"message": "Unrecognized name: log_attributes"}}, booted("30ms")).boots == 1


@pytest.mark.parametrize(
    "answers",
    [[{"result": []}], [{"error": "x"}, {"error": "x"}], [{"result": None}], [booted("quickly")]],
    ids=["none", "both-refused", "null", "no-time"],
)
def test_logs_that_say_nothing_of_starts_are_no_pass(answers: list[Any]) -> None:
    with pytest.raises(Unobservable):
        boots(*answers)
