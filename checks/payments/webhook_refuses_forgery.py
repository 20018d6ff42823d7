import pytest

from checks import Finding, critical, drill, runbook
from fixtures.engine.http import Reply
from fixtures.stripe import Delivery

pytestmark = [critical, runbook("PAY-3"), drill]

REFUSED = (400, 401, 403, 413, 422)
FORGERIES = [
    pytest.param(Delivery(altered=True), id="altered"),
    pytest.param(Delivery(signature="wrong"), id="wrong-secret"),
    pytest.param(Delivery(age=3600), id="old"),
    pytest.param(Delivery(beyond=15), id="just-too-old"),
    pytest.param(Delivery(age=-3600), id="future"),
    pytest.param(Delivery(age=3600, restamped=True), id="restamped"),
    pytest.param(Delivery(signature="none"), id="no-header"),
    pytest.param(Delivery(signature="garbled"), id="garbled-header"),
    pytest.param(Delivery(signature="v0"), id="v0-only"),
    pytest.param(Delivery(body="empty"), id="empty-body"),
    pytest.param(Delivery(reserialized=True), id="reserialized"),
    pytest.param(Delivery(signature="wrong", content_type="text/plain"), id="not-called-json"),
    pytest.param(Delivery(body="large", signature="wrong"), id="large-body"),
]


@pytest.mark.parametrize("delivered", FORGERIES, indirect=True)
def test_webhook_refuses_forgery(delivered: Reply, genuine_delivery: Reply) -> None:
    """The payment webhook refuses every delivery that Stripe did not make, and made just now.

    Means:   anybody can tell the application that an invoice is paid, or play an old event again.
    Confirm: pytest checks/payments/webhook_refuses_forgery.py --env staging
    Contain: vercel rollback does not help here: deploy the previous version of the function.
    Fix:     verify the raw body with stripe.webhooks.constructEventAsync and the endpoint's secret, before anything is
             parsed; refuse timestamps from the future too, which Stripe's libraries let pass.
    """
    if delivered.status not in REFUSED:
        raise Finding(f"accepted a forgery, or did not refuse it: {delivered.status}", [delivered])
