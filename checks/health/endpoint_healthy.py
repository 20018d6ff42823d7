import pytest

from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.application import Endpoint, Health

pytestmark = [critical, runbook("HLTH-1"), pre_deploy, prod_smoke]

ENDPOINTS = [
    pytest.param(Endpoint("frontend"), id="frontend"),
    pytest.param(Endpoint("api"), id="api"),
    pytest.param(Endpoint("graphql", "send"), id="graphql"),
]


@pytest.mark.parametrize("health", ENDPOINTS, indirect=True)
def test_endpoint_healthy(health: Health) -> None:
    """The frontend, the API and GraphQL each say that they are healthy, in JSON.

    Means:   customers see an error page, or an empty application.
    Confirm: curl --fail-with-body --include "$OCEAN_URL/health" "$OCEAN_URL/api/health"   (HTML is no good answer)
             curl --fail-with-body --include "$OCEAN_URL/api/graphql" --json '{"query":"{ system_status { healthy } }"}'
    Contain: vercel rollback <the deployment before>; then vercel rollback status
    Fix:     read the body for the part that is down; vercel logs --environment production --level error
    """
    if health.status != 200:
        raise Finding(f"answered {health.status}" + (f", to {health.to}" if health.to else ""), [health])
    if not health.is_json:
        said = f"a body of type {health.content_type or 'unknown'} that is no JSON" if health.body else "an empty body"
        raise Finding(f"answered {said}", [health])
    if health.errors:
        raise Finding(f"says that something does not work: {'; '.join(health.errors)}", [health])
    if health.healthy is not True:
        raise Finding("does not say that it is healthy", [health])
