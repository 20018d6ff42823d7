from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.events import Registered

pytestmark = [critical, runbook("PAY-2"), pre_deploy, prod_smoke]


def test_endpoint_registered(webhook_registered: Registered) -> None:
    """A webhook endpoint is registered at Stripe with the very address of the application's handler.

    Means:   payments are taken, and nothing of it reaches the application.
    Confirm: stripe webhook_endpoints list --limit=100 --live
    Contain: register it now; what happened meanwhile: stripe events resend <evt_…> --webhook-endpoint=<we_…> --live
    Fix:     stripe webhook_endpoints update <we_…> --url=<address> --live; scheme, host and path count letter by
             letter, a slash at the end too. Then compare what was missed (subscriptions_agree).
    """
    if not webhook_registered.ours:
        others = "; ".join(f"{one.id} at {one.url}" for one in webhook_registered.others[:5])
        raise Finding(f"no endpoint is registered there, but {others or 'none at all'}", [webhook_registered])
