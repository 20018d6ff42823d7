import pytest

from checks import Finding, critical, drill, pre_deploy, prod_smoke, runbook
from fixtures.engine.http import Reply
from fixtures.stripe import Delivery

pytestmark = [critical, runbook("PAY-3"), pre_deploy, prod_smoke, drill]

HARMLESS = [
    pytest.param(Delivery(body="not-json", signature="none"), id="unsigned"),
    pytest.param(Delivery(body="not-json", signature="garbled"), id="garbled"),
]


@pytest.mark.parametrize("delivered", HARMLESS, indirect=True)
def test_webhook_answers_itself(delivered: Reply) -> None:
    """The payment webhook is deployed, and refuses by itself what Stripe did not sign.

    Means:   Stripe's deliveries do not reach the handler, or anybody can tell it that an invoice is paid.
    Confirm: curl --include --data not-json "$SUPABASE_URL/functions/v1/handle-stripe-webhook"
    Contain: Stripe repeats deliveries for three days, so nothing is lost yet; if forgeries are accepted, roll back.
    Fix:     401 with sb-error-code: verify_jwt = false for the function in supabase/config.toml, deploy it again.
             404: supabase functions deploy handle-stripe-webhook. 503: read its log for the broken import.
    """
    stopped_by = delivered.headers.get("sb-error-code")
    if stopped_by:
        raise Finding(f"the gateway answered instead of the function: {delivered.status} {stopped_by}", [delivered])
    if delivered.status not in (400, 401, 403):
        raise Finding(f"answered {delivered.status} to a delivery that Stripe did not sign", [delivered])
