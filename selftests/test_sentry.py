"""Sentry: client and stand-in agree with the published schema, and every odd answer is told and never a pass."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]
import pytest
import respx
from msgspec.structs import replace

from fixtures import Secret, Unobservable
from fixtures.engine.api import Api
from fixtures.engine.http import Http
from fixtures.sentry.errors import Asked, read_rates
from fixtures.sentry.issues import Kind, Search, read_issues
from fixtures.sentry.project import Monitored, Released, read_project, read_release
from fixtures.sentry.sessions import Promised, read_sessions
from sandbox.services.sentry import _application
from sandbox.services.sentry.state import issue, state
from selftests.broken_answers import BROKEN, said

SHAPES: dict[str, Any] = json.loads(Path(__file__).with_name("sentry_shapes.json").read_text(encoding="utf-8"))
TOKEN = "sntryu_not_a_secret"
NOW = datetime.now(UTC)
OCEAN = Monitored(id="4507000000000001", slug="ocean-web", has_sessions=True)
ASKED = Asked(
    organization="ocean", project=OCEAN, environment="production", baseline=timedelta(days=7), ratio=2.0, least=20,
    release=Released(version="ocean-web@4.7.0", moment=NOW - timedelta(hours=2)),
)  # fmt: skip
PROMISED = Promised(organization="ocean", project=OCEAN, environment="production", hours=24, floor=99.0, least=50)
SEARCH = Search(organization="ocean", project=OCEAN, environment="production", hours=24, least=1)
HOST = "https://us.sentry.io/api/0"
LOOKS: dict[str, Callable[[Api], Awaitable[object]]] = {
    "project": lambda api: read_project(api, "ocean", "ocean-web"),
    "releases": lambda api: read_release(api, "ocean", OCEAN, "production"),
    "events": lambda api: read_rates(api, ASKED, NOW),
    "sessions": lambda api: read_sessions(api, PROMISED, None),
    "issues": lambda api: read_issues(api, SEARCH, Kind("new")),
}


def api(token: str = TOKEN) -> Api:
    return Api(Http(), "Sentry", HOST, Secret("SENTRY_TOKEN", token))


async def once(asked: Callable[[], Awaitable[Any]], **_: float) -> Any:
    """In the place of asking again for some seconds."""
    return await asked()


def look(name: str, token: str = TOKEN) -> Any:
    async def looked() -> object:
        return await LOOKS[name](api(token))

    return asyncio.run(looked())


@pytest.fixture
def stand_in() -> Any:
    """Serves a patched stand-in at Sentry's address; yields what starts it, and the requests that came."""
    with respx.mock(assert_all_called=False) as router:

        def serve(*patches: Mapping[str, Any]) -> respx.MockRouter:
            transport = httpx.ASGITransport(_application(TOKEN, state(patches)))

            async def answer(request: httpx.Request) -> httpx.Response:
                response = await transport.handle_async_request(request)
                return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())

            router.route(host="us.sentry.io").mock(side_effect=answer)
            return router

        yield serve


@pytest.mark.parametrize("name", LOOKS)
def test_the_client_sends_what_is_documented_and_the_stand_in_answers_so(name: str, stand_in: Any) -> None:
    router = stand_in()

    look(name)

    shape, call = SHAPES[name], router.calls[0]
    sent = call.request.url.params
    assert set(sent) <= set(shape["parameters"])
    assert {key for key, told in shape["parameters"].items() if told.get("required")} <= set(sent)
    for key, told in shape["parameters"].items():
        assert "enum" not in told or key not in sent or sent[key] in told["enum"]
    assert call.request.url.path == shape["path"].format(
        organization_id_or_slug="ocean", project_id_or_slug="ocean-web"
    )
    jsonschema.validate(call.response.json(), shape["response"])


@pytest.mark.parametrize("name", LOOKS)
@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_answer_is_never_a_fact(name: str, broken: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fixtures.engine.api.eventually", once)

    with respx.mock:
        respx.route(host="us.sentry.io").mock(**said(broken))

        with pytest.raises(Unobservable, match=r"Sentry|us\.sentry\.io") as told:
            look(name)

    assert SHAPES[name]["path"].rstrip("/").rpartition("/")[2].strip("{}").split("_")[0] in str(told.value)


@pytest.mark.parametrize(("token", "status"), [("", 401), ("wrong", 401)])
def test_the_stand_in_demands_its_token(token: str, status: int, stand_in: Any) -> None:
    stand_in()

    with pytest.raises(Unobservable, match=rf"{status}: is SENTRY_TOKEN still valid|SENTRY_TOKEN is not set"):
        look("project", token)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/organizations/other/issues/", 404),
        ("/organizations/ocean/issues", 404),
        ("/projects/ocean/other/", 404),
        ("/organizations/ocean/issues/?project=1", 403),
        ("/organizations/ocean/issues/?environment=nowhere", 404),
        ("/organizations/ocean/issues/?limit=101", 400),
        ("/organizations/ocean/issues/?limits=5", 400),
        ("/organizations/ocean/issues/?query=severity:high", 400),
        ("/organizations/ocean/issues/?cursor=second", 400),
        ("/organizations/ocean/sessions/", 400),
        ("/organizations/ocean/sessions/?field=sum(session)&interval=5m", 400),
        ("/organizations/ocean/events-timeseries/", 400),
        ("/organizations/ocean/events-timeseries/?dataset=discover", 400),
        ("/organizations/ocean/events-timeseries/?dataset=errors&interval=1&statsPeriod=7d", 400),
        ("/organizations/ocean/events-timeseries/?dataset=errors&start=yesterday&end=now", 400),
    ],
)
def test_the_stand_in_refuses_what_sentry_refuses(path: str, status: int, stand_in: Any) -> None:
    stand_in()

    async def ask(method: str = "GET") -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.request(method, HOST + path, headers={"authorization": f"Bearer {TOKEN}"})

    refused = asyncio.run(ask())

    assert refused.status_code == status
    assert refused.json()["detail"]


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
    with pytest.raises(Unobservable, match=r"no session of ocean-web@4\.6\.2 yet"):
        asyncio.run(of_release("ocean-web@4.6.2"))


@pytest.mark.parametrize(
    ("kind", "least", "found"),
    [("new", 1, ["NEW"]), ("regressed", 1, ["BACK"]), ("unhandled", 1, ["LOOSE"]), ("unhandled", 32, [])],
)
def test_kinds_of_issues(kind: Any, least: int, found: list[str], stand_in: Any) -> None:
    hour, week = NOW.timestamp() - 3600, NOW.timestamp() - 7 * 86400
    back = {**issue("BACK", "fatal", "E", week), "substatus": "regressed", "lastSeen": NOW.isoformat()}
    loose = {**issue("LOOSE", "error", "E", hour), "isUnhandled": True}
    resolved = {**issue("RESOLVED", "fatal", "E", hour), "status": "resolved"}
    others = {name: issue(name, "error", "E", hour) for name in ("CAUGHT",)} | {"RESOLVED": resolved}
    stand_in({"issues": {"NEW": issue("NEW", "fatal", "E", hour), "BACK": back, "LOOSE": loose, **others}})

    async def searched() -> Any:
        return await read_issues(api(), replace(SEARCH, least=least), Kind(kind))

    assert [one.short_id for one in asyncio.run(searched())] == found
