import pytest

from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.application import Endpoint
from fixtures.engine.http import Reply

pytestmark = [critical, runbook("HLTH-1"), pre_deploy, prod_smoke]

ENDPOINTS = [
    pytest.param(Endpoint("frontend"), id="frontend"),
    pytest.param(Endpoint("api"), id="api"),
    pytest.param(Endpoint("graphql", "send"), id="graphql"),
]


@pytest.mark.parametrize("health", ENDPOINTS, indirect=True)
def test_endpoint_healthy(health: Reply) -> None:
    """The frontend, the API and GraphQL each say that they are healthy, in JSON.

    Means:   customers see an error page, or an empty application.
    Confirm: curl --fail-with-body --include "$OCEAN_URL/health"
             curl --include "$OCEAN_URL/api/graphql" --json '{"query":"{ system_status { healthy } }"}'
    Contain: vercel rollback <the deployment before>; then vercel rollback status
    Fix:     read the body for the part that is down; vercel logs --environment production --level error
    """
    if health.status != 200:
        raise Finding(f"answered {health.status}", [health], body=health.body[:500])
    if not health.is_json:
        raise Finding(
            f"answered {health.content_type or 'no content type'}, not JSON", [health], body=health.body[:500]
        )
    said = health.json()
    if not (says_healthy_in_graphql(said) if health.method == "POST" else says_healthy(said)):
        raise Finding("does not say that it is healthy", [health], body=health.body[:500])


def says_healthy(said: object) -> bool:
    """A JSON object whose status is ok (or a synonym), or whose `healthy` is true, and nothing to the contrary."""
    if not isinstance(said, dict) or said.get("healthy") not in (None, True):
        return False
    status = said.get("status")
    return status in ("ok", "healthy", "pass", "up") if status is not None else said.get("healthy") is True


def says_healthy_in_graphql(said: object) -> bool:
    """A GraphQL answer without errors whose data say so, as a boolean."""
    if not isinstance(said, dict) or said.get("errors"):
        return False
    data = said.get("data")
    status = data.get("system_status") if isinstance(data, dict) else None
    return isinstance(status, dict) and status.get("healthy") is True
