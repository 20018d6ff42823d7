import pytest

from checks import Finding, critical, drill, runbook
from fixtures.engine.http import Reply
from fixtures.stripe import Delivery

pytestmark = [critical, runbook("PAY-3"), drill]

CLOCKS_APART = 15
"""Seconds by which this machine's clock and the handler's may differ."""
GENUINE = [
    pytest.param(Delivery(), id="current-secret"),
    pytest.param(Delivery(signature="previous"), id="previous-secret"),
    pytest.param(Delivery(signature="second"), id="two-signatures"),
    pytest.param(Delivery(signature="beside-v0"), id="beside-v0"),
    pytest.param(Delivery(beyond=-CLOCKS_APART), id="nearly-old"),
    pytest.param(Delivery(shouted=True), id="header-in-capitals"),
]


@pytest.mark.parametrize("delivered", GENUINE, indirect=True)
def test_webhook_accepts_signed(delivered: Reply) -> None:
    """The payment webhook accepts all that Stripe signed, also with a secret that is being rolled, and a while ago.

    Means:   payments are taken and the application never hears of them.
    Confirm: stripe events resend <evt_…> --webhook-endpoint <we_…> --live   (in production); read the function's log.
    Contain: nothing is lost for three days: Stripe repeats what was not accepted.
    Fix:     supabase secrets set --env-file <file>, with the endpoint's own STRIPE_WEBHOOK_SECRET from the dashboard
             (that of stripe listen is another one); keep the previous secret until it has expired. two-signatures,
             beside-v0: have Stripe's library read the header; it takes any v1 that is right, and ignores v0.
    """
    if not 200 <= delivered.status < 300:
        raise Finding(f"refused a delivery that Stripe signed: {delivered.status}", [delivered])
