"""The stand-in for Supabase's Management API answers as the published specification says, and to nobody else."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]  # it has no types
import pytest

from selftests.running_sandbox import Sandbox, sandbox

SHAPES: dict[str, Any] = json.loads(Path(__file__).with_name("management_shapes.json").read_text(encoding="utf-8"))
FUNCTION = "5f0c1f52-6f0e-4f0b-9a53-0b6f3a5f1c02"
SERVICES = ("auth", "rest", "realtime", "storage", "pooler", "db")
ASKED: dict[str, list[tuple[str, str]]] = {
    "/health": [("services", name) for name in SERVICES],
    "/analytics/endpoints/functions.combined-stats": [("interval", "1hr"), ("function_id", FUNCTION)],
}
PATHS = [path for path in SHAPES if path.startswith("/")]


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


def ask(
    ocean: Sandbox, path: str, query: list[tuple[str, str]] | None = None, *, method: str = "GET", **other: str
) -> httpx.Response:
    """As one who may; `token` and `ref` can be others."""
    said = ocean.variables
    token, ref = other.get("token", said["SUPABASE_ACCESS_TOKEN"]), other.get("ref", said["SUPABASE_PROJECT_REF"])
    below = path.replace("{function_slug}", "graphql-v2") if path != "/" else ""
    url = f"{said['SUPABASE_MANAGEMENT_URL']}/v1/projects/{ref}{below}"
    asked = ASKED.get(path, []) if query is None else query
    return httpx.request(
        method,
        url,
        params=httpx.QueryParams(tuple(asked)),
        headers={"authorization": f"Bearer {token}"} if token else {},
    )


@pytest.mark.parametrize("path", PATHS)
def test_answers_have_the_published_shape(path: str, ocean: Sandbox) -> None:
    answer = ask(ocean, path)

    assert answer.status_code == 200
    jsonschema.validate(answer.json(), SHAPES[path]["response"])


@pytest.mark.parametrize("path", PATHS)
def test_what_is_asked_is_documented_and_nothing_else_is_taken(path: str, ocean: Sandbox) -> None:
    assert {name for name, _ in ASKED.get(path, [])} <= SHAPES[path]["parameters"].keys()
    assert ask(ocean, path, [*ASKED.get(path, []), ("page", "2")]).status_code == 400


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", ["", "sbp_wrong"])
def test_nobody_else_is_answered(path: str, token: str, ocean: Sandbox) -> None:
    assert ask(ocean, path, token=token).status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_changed(method: str, ocean: Sandbox) -> None:
    assert {ask(ocean, path, method=method).status_code for path in PATHS} == {405}


@pytest.mark.parametrize(("ref", "status"), [("ocean", 400), ("a" * 20, 404), ("OCEANOCEANOCEANOCEAN", 400)])
def test_there_is_one_project(ref: str, status: int, ocean: Sandbox) -> None:
    assert ask(ocean, "/readonly", ref=ref).status_code == status


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/health", []),
        ("/health", [("services", "mail")]),
        ("/health", [("services", "db"), ("timeout_ms", "10001")]),
        ("/analytics/endpoints/functions.combined-stats", [("interval", "1hr")]),
        ("/analytics/endpoints/functions.combined-stats", [("interval", "2hr"), ("function_id", FUNCTION)]),
        ("/api-keys", [("reveal", "true")]),
    ],
)
def test_questions_that_are_wrong_are_refused(path: str, query: list[tuple[str, str]], ocean: Sandbox) -> None:
    refused = ask(ocean, path, query)

    assert refused.status_code == 400
    assert refused.json()["message"]


def test_only_services_that_are_asked_for_are_told_of(ocean: Sandbox) -> None:
    told = ask(ocean, "/health", [("services", "db"), ("services", "auth")]).json()

    assert [service["name"] for service in told] == ["auth", "db"]


def test_logs_reach_back_a_day_and_no_further(ocean: Sandbox) -> None:
    end = datetime.now(UTC)
    spans = {hours: end - timedelta(hours=hours) for hours in (24, 25)}
    asked = {
        hours: [("iso_timestamp_start", start.isoformat()), ("iso_timestamp_end", end.isoformat())]
        for hours, start in spans.items()
    }

    assert ask(ocean, "/analytics/endpoints/logs.all", asked[24]).status_code == 200
    assert ask(ocean, "/analytics/endpoints/logs.all", asked[25]).status_code == 400


def test_secret_keys_are_never_shown_whole(ocean: Sandbox) -> None:
    assert ocean.variables["SUPABASE_SECRET_KEY"] not in ask(ocean, "/api-keys").text
    assert ocean.variables["SUPABASE_PUBLISHABLE_KEY"] in ask(ocean, "/api-keys").text


def test_the_authentication_service_runs_with_what_is_configured(ocean: Sandbox) -> None:
    key = {"apikey": ocean.variables["SUPABASE_PUBLISHABLE_KEY"]}
    runs = httpx.get(ocean.variables["SUPABASE_URL"] + "/auth/v1/settings", headers=key).json()
    configured = ask(ocean, "/config/auth").json()

    assert runs["mailer_autoconfirm"] is configured["mailer_autoconfirm"] is True
    assert runs["external"]["phone"] is configured["external_phone_enabled"] is False
