from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.events import Registered

pytestmark = [high, runbook("PAY-2"), pre_deploy, prod_smoke]


def test_endpoint_once(our_endpoints: Registered) -> None:
    """No event is sent to the application's handler by two webhook endpoints that are enabled.

    Means:   each event arrives twice, signed with two secrets: half of the deliveries are refused, or all of them
             are handled twice.
    Confirm: stripe webhook_endpoints list --limit=100 --live
    Contain: stripe webhook_endpoints update <we_…> -d disabled=true --live, for that whose secret the handler lacks.
    Fix:     stripe webhook_endpoints delete <we_…> --live, once nothing was delivered to it for a day. (While one is
             being replaced because of its API version, two are right: waive it for that day.)
    """
    if our_endpoints.twice:
        raise Finding(f"{len(our_endpoints.twice)} enabled endpoints lead to one handler", our_endpoints.twice)
