import pytest

from checks import Finding, critical, high, low, pre_deploy, prod_smoke, runbook
from fixtures.subscriptions import Swept, Tally

pytestmark = [runbook("PAY-9"), runbook("DR-5"), pre_deploy, prod_smoke]

KINDS = {
    "served-unpaid": ("are served, and Stripe says that nobody pays", critical),
    "paid-unserved": ("are paid for, and the table says not to serve them", critical),
    "no-row": ("are paid for, and no row knows them", critical),
    "no-subscription": ("are served without a subscription at Stripe", critical),
    "doubled": ("are there twice", critical),
    "customer": ("are another customer's, or another organization's", critical),
    "price": ("are to another plan than the row's", critical),
    "status": ("have another status", high),
    "period": ("end their period at another time", high),
    "cancellation": ("end with their period on one side only", low),
}
ROWS = [pytest.param(kind, id=kind, marks=[severity]) for kind, (_, severity) in KINDS.items()]


@pytest.mark.parametrize("disagreements", ROWS, indirect=True)
def test_subscriptions_agree(disagreements: Tally, subscriptions_swept: Swept) -> None:
    """Stripe and the database agree on every subscription; where they do not, Stripe is right.

    Means:   somebody uses what nobody pays for, or pays for what they do not get.
    Confirm: stripe subscriptions retrieve <sub_…> --live
             psql "$DATABASE_URL" --command "select * from public.subscriptions
             where stripe_subscription_id = '<sub_…>'"
    Contain: for a paying customer who is not served, correct the row by hand: write what Stripe says into it.
    Fix:     give the event again that the table missed (it is kept for 30 days): stripe events resend <evt_…> --live
             --webhook-endpoint=<we_…>. Older ones: write what Stripe says into the row. no-subscription: make one, or
             let the row end. doubled: cancel the one that nobody knows, and refund it. Then see why events are lost:
             deliveries_succeed, the handler's errors. After a restore of the database all of this is to be expected.
    """
    if disagreements.shown:
        first = "; ".join(f"{one.subject}: Stripe {one.stripe}, row {one.database}" for one in disagreements.shown[:3])
        raise Finding(
            f"{disagreements.total:,} subscriptions {KINDS[disagreements.kind][0]}: {first}{disagreements.remark}",
            disagreements.shown,
            count=disagreements.total,
            at_stripe=subscriptions_swept.subscriptions,
            rows=subscriptions_swept.rows,
        )
