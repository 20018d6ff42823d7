"""The sandbox's services speak the documented protocols of Vercel, Supabase's gateway, PostgREST and GraphQL."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from selftests.running_sandbox import Sandbox, sandbox

DEPLOYMENTS = "/v7/deployments"
STATUS = "{ system_status { healthy } }"


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


def vercel(ocean: Sandbox, path: str, token: str | None = None, **query: str | int) -> httpx.Response:
    """Asked with the team, unless `teamId` says otherwise, and with its token, unless another is given."""
    said = ocean.variables
    asked = {"teamId": said["VERCEL_TEAM_ID"], **query}
    headers = {"authorization": f"Bearer {said['VERCEL_TOKEN'] if token is None else token}"}
    return httpx.get(said["VERCEL_API_URL"] + path, params=asked, headers=headers if token != "" else {})


def rest(ocean: Sandbox, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """As anonymous."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    key = {"apikey": ocean.variables["SUPABASE_PUBLISHABLE_KEY"]}
    return httpx.request(method, f"{ocean.variables['SUPABASE_URL']}/rest/v1/{path}", headers={**key, **named})


def graphql(ocean: Sandbox, query: str, accept: str = "application/json") -> httpx.Response:
    url = f"{ocean.variables['OCEAN_URL']}/api/graphql"
    return httpx.post(url, json={"query": query}, headers={"accept": accept}, verify=ocean.trusted)


@pytest.mark.parametrize(
    ("token", "flag"), [("", "missingToken"), ("wrong", "invalidToken")], ids=["no-token", "wrong-token"]
)
def test_vercel_refuses_in_its_error_object(token: str, flag: str, ocean: Sandbox) -> None:
    refused = vercel(ocean, DEPLOYMENTS, token)

    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "forbidden"
    assert refused.json()["error"][flag] is True


def test_vercel_demands_the_team_of_the_project(ocean: Sandbox) -> None:
    assert vercel(ocean, DEPLOYMENTS, teamId="").json()["error"]["code"] == "forbidden"
    assert vercel(ocean, DEPLOYMENTS, teamId="team_other").status_code == 403


def test_vercel_s_pages_lead_to_the_end_and_name_each_deployment_once(ocean: Sandbox) -> None:
    seen: list[str] = []
    until: dict[str, Any] = {}
    for _ in range(10):
        page = vercel(ocean, DEPLOYMENTS, limit=2, **until).json()
        seen += [item["uid"] for item in page["deployments"]]
        assert page["pagination"]["count"] == len(page["deployments"]) <= 2
        if page["pagination"]["next"] is None:
            break
        until = {"until": page["pagination"]["next"]}
    whole = vercel(ocean, DEPLOYMENTS).json()["deployments"]

    assert seen == [item["uid"] for item in whole]
    assert len(set(seen)) == len(seen) == 5
    assert [item["created"] for item in whole] == sorted((item["created"] for item in whole), reverse=True)


def test_vercel_finds_what_can_be_gone_back_to(ocean: Sandbox) -> None:
    found = vercel(ocean, DEPLOYMENTS, target="production", rollbackCandidate="true").json()["deployments"]
    moved = vercel(ocean, "/v4/aliases", rollbackDeploymentId=found[0]["uid"]).json()["aliases"]

    assert [item["uid"] for item in found] == ["dpl_previous", "dpl_older"]
    assert {item["alias"] for item in moved} == {"ocean.example", "www.ocean.example"}


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("/v9/projects/prj_other", {}, 404, "not_found"),
        ("/v13/deployments/dpl_none", {}, 404, "not_found"),
        ("/v99/nothing", {}, 404, "not_found"),
        (DEPLOYMENTS, {"limit": 101}, 400, "bad_request"),
        (DEPLOYMENTS, {"until": "yesterday"}, 400, "bad_request"),
    ],
)
def test_vercel_s_other_errors(path: str, query: dict[str, Any], status: int, code: str, ocean: Sandbox) -> None:
    refused = vercel(ocean, path, **query)

    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)


def test_vercel_s_stand_in_writes_nothing(ocean: Sandbox) -> None:
    said = ocean.variables
    url = f"{said['VERCEL_API_URL']}/v9/projects/prj_ocean?teamId={said['VERCEL_TEAM_ID']}"

    assert httpx.patch(url, headers={"authorization": f"Bearer {said['VERCEL_TOKEN']}"}).status_code == 405


def test_the_gateway_marks_its_own_refusals_and_a_function_s_answer_is_its_own(ocean: Sandbox) -> None:
    functions = f"{ocean.variables['SUPABASE_URL']}/functions/v1"
    absent = httpx.post(f"{functions}/no-such-function")
    own = httpx.post(f"{functions}/handle-stripe-webhook", content="not-json")

    assert (absent.status_code, absent.headers.get("sb-error-code")) == (404, "NOT_FOUND")
    assert (own.status_code, own.headers.get("sb-error-code")) == (400, None)


def test_the_gateway_demands_a_token_where_verify_jwt_is_on() -> None:
    with sandbox("--fault", "webhook-verify-jwt") as guarded:
        url = f"{guarded.variables['SUPABASE_URL']}/functions/v1/handle-stripe-webhook"
        refused = httpx.post(url, content="not-json")
        garbled = httpx.post(url, headers={"authorization": "Bearer sb_publishable_x"})

    assert (refused.status_code, refused.headers["sb-error-code"]) == (401, "UNAUTHORIZED_NO_AUTH_HEADER")
    assert (garbled.status_code, garbled.headers["sb-error-code"]) == (401, "UNAUTHORIZED_INVALID_JWT_FORMAT")


@pytest.mark.parametrize("headers", [{}, {"apikey": "sb_publishable_wrong"}], ids=["no-key", "wrong-key"])
@pytest.mark.parametrize("path", ["/rest/v1/plans", "/auth/v1/health"])
def test_the_gateway_demands_a_key(headers: dict[str, str], path: str, ocean: Sandbox) -> None:
    refused = httpx.get(ocean.variables["SUPABASE_URL"] + path, headers=headers)

    assert refused.status_code == 401
    assert "API key" in refused.json()["message"]


def test_anybody_reads_the_plans_and_learns_how_many_there_are(ocean: Sandbox) -> None:
    page = rest(ocean, "plans?select=id,price_cents&order=price_cents.desc&limit=2", prefer="count=exact")

    assert page.status_code == 206
    assert page.json() == [{"id": "ocean", "price_cents": 14900}, {"id": "coast", "price_cents": 2900}]
    assert page.headers["content-range"] == "0-1/3"


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("organizations", {}, 401, "42501"),
        ("webhook_events", {}, 401, "42501"),
        ("no_such_table", {}, 404, "PGRST205"),
        ("plans?select=no_such_column", {}, 400, "42703"),
        ("plans?id=resembles.o", {}, 400, "PGRST100"),
        ("plans", {"accept": "application/vnd.pgrst.object+json"}, 406, "PGRST116"),
        ("plans", {"accept_profile": "auth"}, 406, "PGRST106"),
        ("plans", {"authorization": "Bearer not.a.token"}, 401, "PGRST301"),
    ],
)
def test_postgrest_s_errors(path: str, headers: dict[str, str], status: int, code: str, ocean: Sandbox) -> None:
    refused = rest(ocean, path, **headers)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json().keys() == {"code", "details", "hint", "message"}


def test_the_stand_in_for_postgrest_deletes_nothing(ocean: Sandbox) -> None:
    assert rest(ocean, "plans", method="DELETE").status_code == 405


def test_graphql_answers_by_both_ways(ocean: Sandbox) -> None:
    function = f"{ocean.variables['SUPABASE_URL']}/functions/v1/graphql-v2"

    assert graphql(ocean, STATUS).json() == {"data": {"system_status": {"healthy": True}}}
    assert httpx.post(function, json={"query": STATUS}).json() == graphql(ocean, STATUS).json()


@pytest.mark.parametrize("query", ["{ nonsense", "{ no_such_field }", "{ __schema { types { name } } }"])
def test_graphql_answers_a_request_that_it_cannot_execute_without_data(query: str, ocean: Sandbox) -> None:
    older, newer = (graphql(ocean, query, f"application/{kind}") for kind in ("json", "graphql-response+json"))

    assert (older.status_code, newer.status_code) == (200, 400)
    assert older.json().keys() == newer.json().keys() == {"errors"}
    assert newer.headers["content-type"].startswith("application/graphql-response+json")


def test_graphql_says_beside_which_field_it_failed(ocean: Sandbox) -> None:
    (error,) = graphql(ocean, "{ my_organizations { id } }").json()["errors"]

    assert error["path"] == ["my_organizations"]
    assert error["extensions"] == {"code": "UNAUTHENTICATED"}


@pytest.mark.parametrize(
    ("method", "body", "kind", "status"),
    [
        ("GET", "", "application/json", 405),
        ("POST", json.dumps({"query": STATUS}), "text/plain", 415),
        ("POST", "not-json", "application/json", 400),
        ("POST", json.dumps({"query": 1}), "application/json", 400),
    ],
)
def test_graphql_refuses_what_is_no_graphql(method: str, body: str, kind: str, status: int, ocean: Sandbox) -> None:
    url = f"{ocean.variables['OCEAN_URL']}/api/graphql"
    refused = httpx.request(method, url, content=body, headers={"content-type": kind}, verify=ocean.trusted)

    assert refused.status_code == status
    assert refused.json()["errors"]


def test_the_frontend_answers_unknown_paths_with_its_page(ocean: Sandbox) -> None:
    page = httpx.get(f"{ocean.variables['OCEAN_URL']}/no/such/path", verify=ocean.trusted)

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
