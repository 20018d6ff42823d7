import pytest

from checks import Finding, critical, drill, runbook
from fixtures.engine.http import Reply
from fixtures.stripe import Delivery

pytestmark = [critical, runbook("PAY-3"), drill]

GENUINE = [
    pytest.param(Delivery(), id="current-secret"),
    pytest.param(Delivery(signature="previous"), id="previous-secret"),
]


@pytest.mark.parametrize("delivered", GENUINE, indirect=True)
def test_webhook_accepts_signed(delivered: Reply) -> None:
    """The payment webhook accepts what Stripe signed, with the current secret and with one that is being rolled.

    Means:   payments are taken and the application never hears of them.
    Confirm: stripe events resend <evt_…> --webhook-endpoint <we_…> --live   (in production); read the function's log.
    Contain: nothing is lost for three days: Stripe repeats what was not accepted.
    Fix:     supabase secrets set --env-file <file>, with the endpoint's own STRIPE_WEBHOOK_SECRET from the dashboard
             (that of stripe listen is another one); keep the previous secret until it has expired.
    """
    if not 200 <= delivered.status < 300:
        raise Finding(f"refused a delivery that Stripe signed: {delivered.status}", [delivered])
