"""The client of Vercel's API: lists to their end, every broken answer told, no value of a variable kept."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import msgspec
import pytest
import respx

from fixtures import Secret, Unobservable
from fixtures.engine.api import Api
from fixtures.engine.http import Http
from fixtures.vercel.api import VercelApi
from fixtures.vercel.deployments import read_deployments
from fixtures.vercel.domains import read_aliases_after_rollback, read_domain_targets, read_production_domains
from fixtures.vercel.project import read_project, read_rolling_release
from fixtures.vercel.variables import read_all_variables, read_variables
from selftests.broken_answers import BROKEN, said
from selftests.vercel_answers import LAST, NOW, PROJECT, VERCEL, answers, api, deployment

READERS: list[Any] = [
    pytest.param(lambda api: read_project(api, "prj"), "/v9/projects/prj", id="project"),
    pytest.param(lambda api: read_rolling_release(api, "prj"), "/v1/projects/prj/rolling-release", id="rolling"),
    pytest.param(lambda api: read_deployments(api, PROJECT, NOW), "/v7/deployments", id="deployments"),
    pytest.param(lambda api: read_production_domains(api, "prj"), "/v9/projects/prj/domains", id="domains"),
    pytest.param(lambda api: read_aliases_after_rollback(api, "prj", "dpl"), "/v4/aliases", id="after-rollback"),
    pytest.param(lambda api: read_domain_targets(api, "prj", "d", ("a",)), "/v2/deployments/d/aliases", id="aliases"),
    pytest.param(lambda api: read_variables(api, "prj"), "/v10/projects/prj/env", id="variables"),
]  # fmt: skip


@respx.mock
@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize(("read", "path"), READERS)
def test_a_broken_answer_is_told(
    read: Callable[[Api], Awaitable[object]], path: str, broken: httpx.Response | Exception
) -> None:
    respx.get(VERCEL + path).mock(**said(broken))

    with pytest.raises(Unobservable, match=rf"Vercel {path}|GET {VERCEL}{path}"):
        asyncio.run(_seen(read))


@respx.mock
@pytest.mark.parametrize(("read", "path"), READERS)
def test_an_answer_without_the_fields_is_no_empty_one(read: Callable[[Api], Awaitable[object]], path: str) -> None:
    answers(path, {})

    with pytest.raises(Unobservable, match=f"Vercel {path} answered something else than documented"):
        asyncio.run(_seen(read))


async def _seen(read: Callable[[Api], Awaitable[object]]) -> object:
    return await read(api())


@respx.mock
@pytest.mark.parametrize(("query", "said"), [({}, True), ({"teamId": "team_x"}, False)])
@pytest.mark.parametrize("status", [403, 404])
def test_a_project_that_is_not_there_may_be_a_team_s(status: int, query: dict[str, str], said: bool) -> None:
    respx.get(f"{VERCEL}/v9/projects/prj").mock(return_value=httpx.Response(status))
    asked = VercelApi(Http(), "Vercel", VERCEL, Secret("VERCEL_TOKEN", "not-a-secret"), query)

    with pytest.raises(Unobservable) as told:
        asyncio.run(_seen(lambda _: read_project(asked, "prj")))

    assert ("name team under [vercel]" in str(told.value)) is said


@respx.mock
def test_deployments_are_read_page_by_page_to_the_end() -> None:
    pages = [
        {"deployments": [deployment("a", 1)], "pagination": {**LAST, "next": 300}},
        {"deployments": [deployment("b", 2)], "pagination": {**LAST, "next": 200}},
        {"deployments": [deployment("c", 3)], "pagination": LAST},
    ]
    route = answers("/v7/deployments", *pages)

    seen = asyncio.run(read_deployments(api(), PROJECT, NOW))

    assert [one.uid for one in seen] == ["a", "b", "c"]
    assert [call.request.url.params.get("until") for call in route.calls] == [None, "300", "200"]
    assert {call.request.url.params["target"] for call in route.calls} == {"production"}


@respx.mock
def test_a_list_that_goes_round_is_not_known() -> None:
    page = {"domains": [{"name": "a", "verified": True}], "pagination": {**LAST, "next": 300}}
    respx.get(f"{VERCEL}/v9/projects/prj/domains").mock(return_value=httpx.Response(200, json=page))

    with pytest.raises(Unobservable, match="leads back to the same one"):
        asyncio.run(read_production_domains(api(), "prj"))


@respx.mock
def test_a_list_of_domains_that_is_not_read_to_its_end_is_not_known() -> None:
    pages = ({"domains": [], "pagination": {**LAST, "next": 900 - number}} for number in range(50))
    answers("/v9/projects/prj/domains", *pages)

    with pytest.raises(Unobservable, match="more than 10 pages"):
        asyncio.run(read_production_domains(api(), "prj"))


@respx.mock
def test_only_domains_that_serve_production_themselves_count() -> None:
    rows = [
        {"name": "ocean.example", "verified": True},
        {"name": "new.example", "verified": False},
        {"name": "old.example", "verified": True, "redirect": "ocean.example"},
        {"name": "branch.example", "verified": True, "gitBranch": "staging"},
        {"name": "custom.example", "verified": True, "customEnvironmentId": "env_1"},
    ]
    answers("/v9/projects/prj/domains", {"domains": rows, "pagination": LAST})

    assert asyncio.run(read_production_domains(api(), "prj")) == ("ocean.example",)


@respx.mock
def test_a_domain_that_strayed_is_asked_for_and_no_other() -> None:
    answers("/v2/deployments/dpl_live/aliases", {"aliases": [{"alias": "a.example"}]})
    route = answers("/v4/aliases", {"aliases": [{"alias": "b.example", "deploymentId": "dpl_old"}], "pagination": LAST})

    seen = asyncio.run(read_domain_targets(api(), "prj", "dpl_live", ("a.example", "b.example")))

    assert [(one.domain, one.deployment) for one in seen] == [("a.example", "dpl_live"), ("b.example", "dpl_old")]
    assert [call.request.url.params["domain"] for call in route.calls] == ["b.example"]


VARIABLE = {"key": "VITE_URL", "type": "sensitive", "target": ["production"], "value": "eyJ-very-secret", "id": "e1"}


@respx.mock
@pytest.mark.parametrize(
    ("answer", "hidden"),
    [
        ({"envs": [VARIABLE], "pagination": LAST}, 0),
        ({"envs": [VARIABLE], "hiddenProductionEnvCount": 2}, 2),
        ({**VARIABLE, "target": "production", "legacyValue": "also-very-secret"}, 0),
    ],
)
def test_variables_in_each_of_the_documented_shapes_and_no_value_is_kept(answer: Any, hidden: int) -> None:
    route = answers("/v10/projects/prj/env", answer)

    seen = asyncio.run(read_variables(api(), "prj"))

    assert [(one.name, one.is_for_production) for one in seen.found] == [("VITE_URL", True)]
    assert seen.hidden == hidden
    assert b"very-secret" not in msgspec.json.encode(seen)
    assert "decrypt" not in route.calls[0].request.url.params


@respx.mock
@pytest.mark.parametrize(("project", "asked"), [("prj", True), ("prj_1", False)])
def test_what_a_team_shares_is_asked_for_by_the_project_s_id(project: str, asked: bool) -> None:
    answers(f"/v10/projects/{project}/env", {"envs": [VARIABLE], "pagination": LAST})
    named = respx.get(f"{VERCEL}/v9/projects/prj").mock(
        return_value=httpx.Response(200, json={"id": "prj_1", "name": "o"})
    )
    shared = {**VARIABLE, "key": "SHARED", "projectId": ["prj_1"]}
    route = answers("/v1/env", {"data": [shared], "pagination": LAST})

    seen = asyncio.run(read_all_variables(api(), project))

    assert [(one.name, one.is_for_production) for one in seen.found] == [("VITE_URL", True), ("SHARED", True)]
    assert route.calls[0].request.url.params["projectId"] == "prj_1"
    assert named.called is asked
    assert b"very-secret" not in msgspec.json.encode(seen)


@respx.mock
def test_what_a_team_shares_and_may_not_be_read_is_not_forgotten() -> None:
    answers("/v10/projects/prj_1/env", {"envs": [], "pagination": LAST})
    respx.get(f"{VERCEL}/v1/env").mock(return_value=httpx.Response(403))

    assert "variables that the team shares are not to be read" in asyncio.run(read_all_variables(api(), "prj_1")).unseen


@respx.mock
@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_answer_about_what_a_team_shares_is_told(broken: httpx.Response | Exception) -> None:
    answers("/v10/projects/prj_1/env", {"envs": [], "pagination": LAST})
    respx.get(f"{VERCEL}/v1/env").mock(**said(broken))

    try:
        told = asyncio.run(read_all_variables(api(), "prj_1")).unseen
    except Unobservable as problem:
        told = str(problem)

    assert "/v1/env" in told


@respx.mock
def test_a_second_page_of_variables_is_not_left_out_in_silence() -> None:
    answers("/v10/projects/prj/env", {"envs": [], "pagination": {**LAST, "next": 5}})

    with pytest.raises(Unobservable, match="more than one page"):
        asyncio.run(read_variables(api(), "prj"))
