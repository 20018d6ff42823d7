import pytest

from checks import Finding, critical, high, low, pre_deploy, prod_smoke, runbook
from fixtures.subscriptions import Swept, Tally

pytestmark = [runbook("PAY-9"), runbook("DR-5"), pre_deploy, prod_smoke]

KINDS = {
    "served-unpaid": ("served, though Stripe says that nobody pays", critical),
    "paid-unserved": ("paid for, though the table says not to serve", critical),
    "no-row": ("paid for, and known to no row", critical),
    "no-subscription": ("served without a subscription at Stripe", critical),
    "doubled": ("there twice", critical),
    "customer": ("of another customer, or another organization", critical),
    "price": ("to another plan than the row's", critical),
    "status": ("of another status", high),
    "period": ("with a period that ends at another time", high),
    "cancellation": ("going to end on one side only", low),
}
ROWS = [pytest.param(kind, id=kind, marks=[severity]) for kind, (_, severity) in KINDS.items()]


@pytest.mark.parametrize("disagreements", ROWS, indirect=True)
def test_subscriptions_agree(disagreements: Tally, subscriptions_swept: Swept) -> None:
    """Stripe and the database agree on every subscription; where they do not, Stripe is right.

    Means:   somebody uses what nobody pays for, or pays for what they do not get.
    Confirm: stripe subscriptions retrieve <sub_…> --live
             as a login that sees all rows: select * from public.subscriptions where stripe_subscription_id = '<sub_…>'
    Contain: for a paying customer who is not served, correct the row by hand: write what Stripe says into it.
    Fix:     give the event again that the table missed (it is kept for 30 days): stripe events resend <evt_…> --live
             --webhook-endpoint=<we_…>. Older ones: write what Stripe says into the row. doubled: cancel the one that
             nobody knows, and refund it. After a restore of the database all of this is to be expected; else see why
             events are lost: events_delivered, the handler's errors. Declared under [subscriptions]: granted (served
             without Stripe), shared (the account sells other things), former (prices of long ago), statuses.
    """
    if disagreements.shown:
        first = "; ".join(f"{one.subject}: Stripe {one.stripe}, row {one.database}" for one in disagreements.shown[:3])
        raise Finding(
            f"{KINDS[disagreements.kind][0]}: {disagreements.total:,} ({first}){disagreements.remark}",
            disagreements.shown,
            count=disagreements.total,
            at_stripe=subscriptions_swept.subscriptions,
            rows=subscriptions_swept.rows,
        )
