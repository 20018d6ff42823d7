from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.events import Registered

pytestmark = [critical, runbook("PAY-2"), pre_deploy, prod_smoke]


def test_endpoint_enabled(our_endpoints: Registered) -> None:
    """The application's webhook endpoint is enabled at Stripe.

    Means:   payments are taken, and nothing of it reaches the application. Stripe disables an endpoint by itself when
             it did not answer for days.
    Confirm: stripe webhook_endpoints retrieve <we_…> --live
    Contain: enable it now: stripe webhook_endpoints update <we_…> -d disabled=false --live
    Fix:     find out why it was disabled, in the function's log and in the deliveries that Workbench shows; then
             stripe events resend <evt_…> --webhook-endpoint=<we_…> --live for each event that was missed.
    """
    if not our_endpoints.enabled:
        raise Finding(f"no endpoint at {our_endpoints.subject} is enabled", our_endpoints.ours)
