import pytest

from checks import Finding, critical, high, low, pre_deploy, prod_smoke, runbook
from fixtures.subscriptions import Tally

pytestmark = [runbook("PAY-9"), runbook("DR-5"), pre_deploy, prod_smoke]

COSTLY = ["served-unpaid", "paid-unserved", "no-row", "no-subscription", "doubled", "customer", "price"]
KINDS = [
    *(pytest.param(kind, id=kind, marks=[critical]) for kind in COSTLY),
    pytest.param("status", id="status", marks=[high]),
    pytest.param("period", id="period", marks=[high]),
    pytest.param("cancellation", id="cancellation", marks=[low]),
]


@pytest.mark.parametrize("disagreements", KINDS, indirect=True)
def test_subscriptions_agree(disagreements: Tally) -> None:
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
        first = "; ".join(f"{one.subject}: {one.stripe} - {one.database}" for one in disagreements.shown[:3])
        message = f"{disagreements.total:,} {disagreements.means} (Stripe - table: {first}){disagreements.remark}"
        raise Finding(message, disagreements.shown, count=disagreements.total)
