"""The stand-in for Vercel: it takes what is documented and nothing else, and its deployments answer for themselves."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from selftests.running_sandbox import Sandbox, sandbox

VARIABLES = "/v10/projects/prj_ocean/env"


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


def vercel(ocean: Sandbox, path: str, **query: str) -> httpx.Response:
    said = ocean.variables
    headers = {"authorization": f"Bearer {said['VERCEL_TOKEN']}"}
    return httpx.get(said["VERCEL_API_URL"] + path, params={"teamId": said["VERCEL_TEAM_ID"], **query}, headers=headers)


def deployments(ocean: Sandbox) -> dict[str, Any]:
    return {item["uid"]: item for item in vercel(ocean, "/v7/deployments").json()["deployments"]}


@pytest.mark.parametrize(
    "path",
    [
        "/v9/projects/prj_ocean", "/v9/projects/prj_ocean/domains", VARIABLES, "/v7/deployments", "/v4/aliases",
        "/v1/projects/prj_ocean/rolling-release", "/v2/deployments/dpl_live/aliases", "/v1/env",
        "/v13/deployments/dpl_live",
    ],
)  # fmt: skip
def test_a_parameter_that_is_not_documented_is_refused(path: str, ocean: Sandbox) -> None:
    assert vercel(ocean, path).status_code == 200
    refused = vercel(ocean, path, perPage="20")

    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_request")


def test_the_live_release_is_one_and_the_same_everywhere(ocean: Sandbox) -> None:
    target = vercel(ocean, "/v9/projects/prj_ocean").json()["targets"]["production"]
    health = httpx.get(f"{ocean.variables['OCEAN_URL']}/health", verify=ocean.trusted).json()
    own = served(ocean, "dpl_live", "/health").json()

    head = (ocean.folder / "ocean/.git/refs/heads/main").read_text().strip()
    assert target["meta"]["githubCommitSha"] == health["commit"] == own["commit"] == head


def served(ocean: Sandbox, uid: str, path: str, bypass: str | None = None) -> httpx.Response:
    secret = ocean.variables["VERCEL_AUTOMATION_BYPASS_SECRET"] if bypass is None else bypass
    headers = {"x-vercel-protection-bypass": secret}
    return httpx.get(f"http://{deployments(ocean)[uid]['url']}{path}", headers=headers)


def test_each_deployment_is_of_its_own_commit(ocean: Sandbox) -> None:
    known = deployments(ocean)

    for uid in ("dpl_live", "dpl_previous", "dpl_older"):
        assert served(ocean, uid, "/health").json()["commit"] == known[uid]["meta"]["githubCommitSha"]
    assert served(ocean, "dpl_previous", "/api/health").json() == {"status": "ok", "database": "ok"}


@pytest.mark.parametrize("bypass", ["", "wrong"])
def test_a_login_stands_before_deployments(bypass: str, ocean: Sandbox) -> None:
    refused = served(ocean, "dpl_live", "/health", bypass)

    assert refused.status_code == 401
    assert refused.headers["content-type"].startswith("text/html")


def test_one_that_failed_to_build_serves_nothing(ocean: Sandbox) -> None:
    assert served(ocean, "dpl_failed", "/health").headers["x-vercel-error"] == "DEPLOYMENT_NOT_READY"


def test_values_of_variables_are_in_the_answer_as_in_vercel_s(ocean: Sandbox) -> None:
    """Or that nothing of them is kept would be no proof."""
    items = {item["key"]: item for item in vercel(ocean, VARIABLES).json()["envs"]}

    assert items["VITE_SUPABASE_PUBLISHABLE_KEY"]["value"]
    assert items["SENTRY_AUTH_TOKEN"]["type"] == "sensitive"


def test_what_was_rolled_back_is_served_everywhere() -> None:
    with sandbox("--fault", "release-rolled-back") as ocean:
        target = vercel(ocean, "/v9/projects/prj_ocean").json()["targets"]["production"]
        health = httpx.get(f"{ocean.variables['OCEAN_URL']}/health", verify=ocean.trusted).json()

        assert target["id"] == "dpl_previous"
        assert target["meta"]["githubCommitSha"] == health["commit"]
