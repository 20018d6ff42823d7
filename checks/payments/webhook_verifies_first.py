from checks import Finding, critical, drill, runbook
from fixtures.webhook import Forged

pytestmark = [critical, runbook("PAY-3"), drill]


def test_webhook_verifies_first(forged: Forged) -> None:
    """The payment webhook verifies before it writes: an event that Stripe did not sign leaves nothing in the database.

    Means:   anybody can make themselves a paying customer, or fill the table of events, whatever the webhook answers.
    Confirm: pytest checks/payments/webhook_verifies_first.py --env staging
    Contain: deploy the previous version of the function; compare what is subscribed with Stripe (subscriptions_agree).
    Fix:     nothing before stripe.webhooks.constructEventAsync has returned: no insert, no queue, no log of the body.
    """
    if forged.rows or forged.stored:
        what = f"{forged.rows} rows of its subscription, {forged.stored} of the event"
        raise Finding(f"a forged event was answered {forged.answer} and left {what}", [forged])
