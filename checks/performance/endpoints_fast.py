import pytest

from checks import Finding, low, prod_smoke, runbook
from fixtures.site import Endpoint, Timings

pytestmark = [low, runbook("PERF-1"), prod_smoke]

ENDPOINTS = [
    pytest.param(Endpoint("frontend"), id="frontend"),
    pytest.param(Endpoint("api"), id="api"),
    pytest.param(Endpoint("graphql", "send"), id="graphql"),
]


@pytest.mark.parametrize("timings", ENDPOINTS, indirect=True)
def test_endpoints_fast(timings: Timings) -> None:
    """Each endpoint answers within its budget on a new connection: half of the requests, and nearly all of them.

    Means:   visitors wait, and leave.
    Confirm: curl --fail --output /dev/null --write-out 'dns %{time_namelookup} connect %{time_connect}
             tls %{time_appconnect} first byte %{time_starttransfer} total %{time_total}' "$OCEAN_URL/api/health"
             (seconds from the beginning; GraphQL needs --json '{"query":"{ system_status { healthy } }"}')
    Contain: if it began with the release: vercel rollback <the deployment before>
    Fix:     dns, connect, tls: far from the visitor, or a proxy in front. first byte: the function or its database,
             see vercel logs --environment production. body: too large, see PERF-3.
    """
    for share, allowed in ((0.5, timings.budget.p50), (0.95, timings.budget.p95)):
        took = timings.percentile(share)
        if took > allowed:
            most = f"most of it {timings.slowest_phase(share)}"
            raise Finding(f"p{share * 100:.0f} is {took:g} ms of {allowed:g} allowed, {most}", [timings])
