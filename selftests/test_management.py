"""Supabase's Management API: the client takes what the specification promises, and every odd answer leaves it blind."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import respx

from fixtures import Secret, Unobservable
from fixtures.authentication.configuration import read_auth_configuration, read_auth_service, read_running_auth
from fixtures.engine.api import Api
from fixtures.engine.http import Http
from fixtures.functions.boots import read_boots
from fixtures.functions.deployed import DeployedFunction, read_deployed_functions
from fixtures.functions.statistics import read_statistics
from fixtures.management.api_keys import read_api_keys, read_key_set, read_legacy_keys, read_signing_keys
from fixtures.management.backups import read_restore_points
from fixtures.management.networks import read_network_restrictions, read_ssl_enforcement
from fixtures.management.project import SERVICES, read_project, read_read_only_mode, read_services, service_among
from selftests.broken_answers import BROKEN, THROTTLED, said

SHAPES: dict[str, Any] = json.loads(Path(__file__).with_name("management_shapes.json").read_text(encoding="utf-8"))
BASE = "https://api.supabase.com/v1/projects/oceanoceanoceanocean"
GATEWAY = "https://oceanoceanoceanocean.supabase.co"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FUNCTION = DeployedFunction(id="1", slug="graphql-v2", status="ACTIVE", version=1, updated=NOW)
KEY = Secret("SUPABASE_PUBLISHABLE_KEY", "sb_publishable_not_a_secret")

Look = Callable[[Api], Awaitable[Any]]
LOOKS: dict[str, Look] = {
    "/": read_project,
    "/health": read_services,
    "/readonly": read_read_only_mode,
    "/database/backups": lambda api: read_restore_points(api, NOW, NOW),
    "/functions": read_deployed_functions,
    "/analytics/endpoints/functions.combined-stats": lambda api: read_statistics(api, (FUNCTION,), "1hr"),
    "/analytics/endpoints/logs.all": lambda api: read_boots(api, "1hr", NOW),
    "/api-keys": lambda api: read_api_keys(api, NOW),
    "/api-keys/legacy": lambda api: read_legacy_keys(api, ()),
    "/config/auth": read_auth_configuration,
    "/config/auth/signing-keys": lambda api: read_signing_keys(api, NOW),
    "/ssl-enforcement": read_ssl_enforcement,
    "/network-restrictions": lambda api: read_network_restrictions(api, ()),
}
BREAKING = [
    pytest.param(path, *broken.values, id=f"{path}-{broken.id}")
    for path in LOOKS
    for broken in BROKEN
    if (path, broken.id) != ("/api-keys/legacy", "404")  # that is an answer: legacy keys are gone
]


@pytest.fixture
def supabase() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        yield router


@pytest.fixture
def asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked again for four seconds."""

    async def once(asked: Callable[[], Awaitable[Any]], **_: float) -> Any:
        return await asked()

    monkeypatch.setattr("fixtures.engine.api.eventually", once)


def look(path: str) -> Any:
    async def looked() -> Any:
        return await LOOKS[path](Api(Http(), "Supabase", BASE, Secret("SUPABASE_ACCESS_TOKEN", "sbp_not_a_secret")))

    return asyncio.run(looked())


def url_of(path: str) -> str:
    return BASE + path.removesuffix("/")


@pytest.mark.usefixtures("asked_once")
@pytest.mark.parametrize(("path", "broken"), BREAKING)
def test_what_cannot_be_looked_at_is_said_in_one_sentence(
    path: str, broken: httpx.Response | Exception, supabase: respx.MockRouter
) -> None:
    supabase.get(url__startswith=url_of(path)).mock(**said(broken))

    with pytest.raises(Unobservable) as problem:
        look(path)

    assert "Supabase" in str(problem.value) or "api.supabase.com" in str(problem.value)
    assert path.removesuffix("/") in str(problem.value)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("throttled", THROTTLED)
def test_who_is_throttled_asks_again(throttled: httpx.Response, supabase: respx.MockRouter) -> None:
    well = {"enabled": False, "override_enabled": False, "override_active_until": ""}
    route = supabase.get(url_of("/readonly")).mock(side_effect=[throttled, httpx.Response(200, json=well)])

    assert look("/readonly").enabled is False
    assert route.call_count == 2


def least(shape: dict[str, Any]) -> Any:
    """The smallest value that a JSON Schema allows: what is not required is left out, what may be null is null."""
    kind = shape.get("type")
    if "enum" in shape:
        return shape["enum"][0]
    if isinstance(kind, list):
        return None
    if kind == "object":
        return {name: least(shape["properties"][name]) for name in shape.get("required", [])}
    if kind == "array":
        return [least(shape["items"])] if shape.get("items") else []
    if kind == "string":
        return "2026-11-20T10:00:00Z"  # times are texts too, and most texts that we read are times
    return {"integer": 1_760_000_000, "number": 1.0, "boolean": False}.get(str(kind))


@pytest.mark.parametrize("path", [path for path in LOOKS if "analytics" not in path])
def test_the_least_that_is_promised_is_enough(path: str, supabase: respx.MockRouter) -> None:
    supabase.get(url__startswith=url_of(path)).respond(json=least(SHAPES[path]["response"]))

    assert look(path) is not None


@pytest.mark.parametrize("path", LOOKS)
def test_only_documented_parameters_are_sent_and_nothing_is_revealed(path: str, supabase: respx.MockRouter) -> None:
    route = supabase.get(url__startswith=url_of(path)).respond(500)

    with pytest.raises(Unobservable):
        look(path)

    asked = route.calls.last.request.url.params
    required = {name for name, shape in SHAPES[path]["parameters"].items() if shape["required"]}
    assert required <= set(asked) <= SHAPES[path]["parameters"].keys()
    assert "reveal" not in asked


def test_each_service_is_asked_for_by_its_name(supabase: respx.MockRouter) -> None:
    route = supabase.get(url__startswith=url_of("/health")).respond(json=[])

    assert look("/health") == ()
    asked = route.calls.last.request.url.params.get_list("services")
    assert asked == list(SERVICES)
    assert set(asked) <= set(SHAPES["/health"]["parameters"]["services"]["items"]["enum"])
    for name in SERVICES:
        with pytest.raises(Unobservable, match=name):
            service_among((), name)


def test_the_status_alone_is_enough_once_the_older_field_is_gone(supabase: respx.MockRouter) -> None:
    supabase.get(url__startswith=url_of("/health")).respond(json=[{"name": "db", "status": "COMING_UP"}])

    assert (service_among(look("/health"), "db").status, look("/health")[0].healthy) == ("COMING_UP", None)


def test_no_secret_of_an_answer_is_kept(supabase: respx.MockRouter) -> None:
    settings = least(SHAPES["/config/auth"]["response"])
    supabase.get(url_of("/config/auth")).respond(json={**settings, "smtp_pass": "hunter2", "hook_secrets": "hunter2"})
    supabase.get(url_of("/api-keys")).respond(
        json=[{"name": "default", "type": "secret", "api_key": "sb_secret_hunter2", "hash": "hunter2"}]
    )

    for path in ("/config/auth", "/api-keys"):
        assert "hunter2" not in msgspec.json.encode(look(path)).decode()


@pytest.mark.parametrize(
    ("shown", "known"),
    [("sb_publishable_abcdef", True), ("sb_secret_abc" + "·" * 12, False), ("sb_secret_abc...", False), (None, False)],
)
def test_a_key_that_is_shown_in_part_has_no_fingerprint(
    shown: str | None, known: bool, supabase: respx.MockRouter
) -> None:
    supabase.get(url_of("/api-keys")).respond(json=[{"name": "default", "type": "publishable", "api_key": shown}])

    assert (look("/api-keys")[0].fingerprint is not None) is known


@pytest.mark.parametrize("broken", BROKEN)
def test_settings_and_key_set_that_cannot_be_read_are_unobservable(
    broken: httpx.Response | Exception, supabase: respx.MockRouter
) -> None:
    supabase.get(url__startswith=GATEWAY).mock(**said(broken))

    for read in (lambda: read_running_auth(Http(), GATEWAY, KEY), lambda: read_key_set(Http(), GATEWAY)):
        with pytest.raises(Unobservable):
            asyncio.run(read())


@pytest.mark.parametrize(
    ("answer", "status", "name"),
    [
        (httpx.Response(200, json={"name": "GoTrue", "version": "v2.197.0"}), 200, "GoTrue"),
        (httpx.Response(503, json={"message": "no upstream"}), 503, None),
        (httpx.Response(200, html="<title>parked</title>"), 200, None),
        (httpx.Response(200, json=["GoTrue"]), 200, None),
        (httpx.Response(200, content=b'{"name": "Go', headers={"content-type": "application/json"}), 200, None),
    ],
)
def test_only_gotrue_is_gotrue(
    answer: httpx.Response, status: int, name: str | None, supabase: respx.MockRouter
) -> None:
    supabase.get(GATEWAY + "/auth/v1/health").mock(return_value=answer)

    seen = asyncio.run(read_auth_service(Http(), GATEWAY, KEY))

    assert (seen.status, seen.name) == (status, name)


def test_a_key_that_the_gateway_refuses_leaves_the_health_unknown(supabase: respx.MockRouter) -> None:
    supabase.get(GATEWAY + "/auth/v1/health").respond(401, json={"message": "Invalid API key"})

    with pytest.raises(Unobservable, match="SUPABASE_PUBLISHABLE_KEY"):
        asyncio.run(read_auth_service(Http(), GATEWAY, KEY))
