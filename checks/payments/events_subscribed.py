from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.events import Handled, Registered

pytestmark = [critical, runbook("PAY-2"), pre_deploy, prod_smoke]


def test_events_subscribed(our_endpoints: Registered, handled_events: Handled) -> None:
    """Stripe sends the webhook endpoint every type of event that the application's handler handles.

    Means:   the application never hears of what it has code for: payments that fail, subscriptions that end.
    Confirm: stripe webhook_endpoints retrieve <we_…> --live
    Contain: nothing is sent later: compare subscriptions with Stripe by hand until it is mended (subscriptions_agree).
    Fix:     stripe webhook_endpoints update <we_…> --live --enabled-events=<type>, once for each type that
             is to be sent, for the list is replaced. If a type is only named to be left out, say events in [stripe].
    """
    asked = [endpoint.types for endpoint in our_endpoints.enabled or our_endpoints.ours]
    missing = [kind for kind in handled_events.types if not any({kind, "*"} & set(types) for types in asked)]
    if missing:
        said = ", ".join(f"{kind} ({handled_events.places[kind]})" for kind in missing)
        raise Finding(f"the endpoint is not sent {said}", our_endpoints.enabled or our_endpoints.ours)
