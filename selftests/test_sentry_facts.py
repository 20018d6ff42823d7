"""What is made of Sentry's answers: nothing of what is incomplete, of another release, or not there."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import respx
from msgspec.structs import replace

from fixtures import Unobservable
from fixtures.sentry.errors import read_rates
from fixtures.sentry.issues import Kind, read_issues
from fixtures.sentry.project import Released
from fixtures.sentry.sessions import read_sessions
from sandbox.services.sentry.state import issue
from selftests.answered_here import Serve
from selftests.sentry_asked import ASKED, NOW, OCEAN, PROMISED, SEARCH, api, look, standing_in


@pytest.fixture
def stand_in() -> Iterator[Serve]:
    with standing_in() as serve:
        yield serve


def test_issues_are_read_to_the_last_page(stand_in: Any) -> None:
    known = {f"OCEAN-WEB-{n}": issue(f"OCEAN-WEB-{n}", "fatal", "Error", NOW.timestamp() - n) for n in range(100, 350)}
    router = stand_in({"issues": known})

    found = look("issues")

    assert {one.short_id for one in found} == set(known)
    assert len(router.calls) == 3


def test_a_project_that_never_had_an_event_tells_nothing() -> None:
    with respx.mock:
        answer = {"id": "1", "slug": "ocean-web", "firstEvent": None, "hasSessions": False}
        respx.route(host="us.sentry.io").mock(return_value=httpx.Response(200, json=answer))

        with pytest.raises(Unobservable, match="never received an event"):
            look("project")


def series(*values: tuple[float, float, bool], interval: int = 60) -> dict[str, Any]:
    """Values as (minutes before now, count, incomplete)."""
    listed = [
        {"timestamp": 1000 * (NOW - timedelta(minutes=ago)).timestamp(), "value": count, "incomplete": late}
        for ago, count, late in values
    ]
    meta = {"interval": interval, "valueType": "integer", "valueUnit": None}
    return {"timeSeries": [{"yAxis": "count()", "values": listed, "meta": meta}]}


def rates_of(since: dict[str, Any], before: dict[str, Any]) -> Any:
    answers = [httpx.Response(200, json=since), httpx.Response(200, json=before)]
    with respx.mock:
        respx.route(host="us.sentry.io").mock(side_effect=answers)
        return look("events")


def test_incomplete_intervals_and_those_across_the_release_are_left_out() -> None:
    since = series((120.5, 1000, False), (119, 5, False), (60, 7, False), (0.5, 900, True))
    before = series((300, 60, False), (180, 30, False), (130, 1000, False), interval=3600)

    rates = rates_of(since, before)

    assert (rates.since.errors, rates.since.minutes) == (12, 2)
    assert (rates.before.errors, rates.before.minutes) == (90, 120)
    assert rates.since.per_minute == 6


@pytest.mark.parametrize("since", [series((0.5, 3, True)), series()], ids=["incomplete", "empty"])
def test_no_complete_interval_is_no_observation(since: dict[str, Any]) -> None:
    with pytest.raises(Unobservable, match="look again in five minutes"):
        rates_of(since, series((180, 30, False), interval=3600))


def test_without_any_interval_before_there_is_nothing_to_compare_with() -> None:
    with pytest.raises(Unobservable, match="to compare with"):
        rates_of(series((60, 3, False)), series(interval=3600))


def test_an_interval_that_sentry_chose_itself_is_counted_as_what_it_is() -> None:
    rates = rates_of(series((60, 10, False), interval=300), series((300, 60, False), interval=3600))

    assert rates.since.minutes == 5


def test_the_release_that_went_out_last_counts(stand_in: Any) -> None:
    stand_in()

    assert look("releases").version == "ocean-web@4.7.0"


def test_of_no_session_nothing_is_said(stand_in: Any) -> None:
    stand_in({"sessions": {"healthy": 0, "errored": 0, "crashed": 0}})

    with pytest.raises(Unobservable, match="counted no session of ocean-web in production within 24 h"):
        look("sessions")


def test_a_release_s_sessions_are_counted_alone(stand_in: Any) -> None:
    stand_in({"release_sessions": {"healthy": 0, "errored": 0, "crashed": 3}})

    async def of_release(version: str) -> Any:
        return await read_sessions(api(), PROMISED, version)

    assert asyncio.run(of_release("ocean-web@4.7.0")).crash_free == 0
    assert look("sessions").crash_free > 99
    unused = asyncio.run(of_release("ocean-web@4.6.2"))
    assert (unused.total, unused.crash_free) == (0, 100)


@pytest.mark.parametrize(
    ("kind", "least", "found"),
    [
        ("new", 1, ["NEW"]),
        ("regressed", 1, ["BACK"]),
        ("unhandled", 1, ["LOOSE"]),
        ("unhandled", 32, []),
        ("unhandled", 40, ["LOOSE"]),
    ],
)
def test_kinds_of_issues(kind: Any, least: int, found: list[str], stand_in: Any) -> None:
    hour, week = NOW.timestamp() - 3600, NOW.timestamp() - 7 * 86400
    back = {**issue("BACK", "fatal", "E", week), "substatus": "regressed", "lastSeen": NOW.isoformat()}
    loose = {**issue("LOOSE", "error", "E", hour), "isUnhandled": True}
    resolved = {**issue("RESOLVED", "fatal", "E", hour), "status": "resolved"}
    loose["count"] = "31" if least < 40 else "many"
    others = {name: issue(name, "error", "E", hour) for name in ("CAUGHT",)} | {"RESOLVED": resolved}
    stand_in({"issues": {"NEW": issue("NEW", "fatal", "E", hour), "BACK": back, "LOOSE": loose, **others}})

    async def searched() -> Any:
        return await read_issues(api(), replace(SEARCH, least=least), Kind(kind))

    assert [one.short_id for one in asyncio.run(searched())] == found


def test_silence_where_much_was_usual_is_no_calm() -> None:
    busy = series((300, 600, False), interval=3600)

    with pytest.raises(
        Unobservable, match=r"heard nothing since ocean-web@4\.7\.0 went out, where 20 errors were usual"
    ):
        rates_of(series((60, 0, False), (30, 0, False)), busy)
    assert rates_of(series((60, 0, False)), busy).since.errors == 0  # ten were usual: too few to tell


def test_an_old_release_is_compared_with_the_week_before_yesterday() -> None:
    old = replace(ASKED, release=Released(version="old", moment=NOW - timedelta(days=100)))
    routes = {}
    with standing_in() as serve:
        router = serve({"releases": {}, "errors": {"before": 6, "since": 6}})
        asyncio.run(read_rates(api(), old, NOW))
        routes = {call.request.url.params["interval"]: call.request.url.params["start"] for call in router.calls}

    assert routes["3600"] == f"{NOW - timedelta(days=8):%Y-%m-%dT%H:%M:%S}"
    assert routes["900"] == f"{NOW - timedelta(days=1):%Y-%m-%dT%H:%M:%S}"


def test_a_project_is_compared_with_what_it_was_heard_of() -> None:
    young = replace(ASKED, project=replace(OCEAN, first_event=NOW - timedelta(hours=2.5)))

    with pytest.raises(Unobservable, match="knows ocean-web only since"):
        asyncio.run(read_rates(api(), young, NOW))
