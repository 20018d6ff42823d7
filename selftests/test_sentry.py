"""Sentry: client and stand-in agree with the published schema, and every odd answer is told and never a pass."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]  # it has no types
import pytest
import respx

from fixtures import Unobservable
from selftests.answered_here import Serve, once
from selftests.broken_answers import BROKEN, said
from selftests.sentry_asked import HOST, LOOKS, SHAPES, TOKEN, look, standing_in


@pytest.fixture
def stand_in() -> Iterator[Serve]:
    with standing_in() as serve:
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
