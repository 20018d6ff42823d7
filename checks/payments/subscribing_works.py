import pytest

from checks import Finding, critical, drill, high, runbook
from fixtures.webhook import RoundTrip, Step

pytestmark = [runbook("PAY-6"), drill]

STEPS = [
    pytest.param("customer", "customer", id="customer", marks=[critical]),
    pytest.param("card", "card", id="card", marks=[critical]),
    pytest.param("subscription", "subscription", id="subscription", marks=[critical]),
    pytest.param("row", "row", id="row", marks=[critical]),
    pytest.param("invoice", "invoice", id="invoice", marks=[high]),
    pytest.param("ended", "ended", id="ended", marks=[critical]),
    pytest.param("cleaned", "cleaned", id="cleaned", marks=[high]),
]


@pytest.mark.parametrize(("trip", "step"), STEPS, indirect=["trip"])
def test_subscribing_works(trip: RoundTrip, step: Step) -> None:
    """Who subscribes is served, and who cancels is not: from a customer at Stripe to the row, in test mode.

    Means:   customer, card, subscription: nobody can pay. row, invoice: who has paid is not served, or has no invoice.
             ended: who has canceled is served for ever. cleaned: what the drill made is still at Stripe, in test mode.
    Confirm: stripe subscriptions create --customer <cus_…> -d "items[0][price]=<price_…>"   (without --live)
             then stripe events list --delivery-success=false --limit 5; and the function's log.
    Contain: say on the pricing page that it is being mended; Stripe repeats for three days what was not accepted.
    Fix:     refused: its words say what Stripe misses; prices are judged by prices_exist. row, invoice, ended: the
             endpoint of test mode has to send to this environment (endpoint_registered), with its own secret.
             cleaned: stripe customers delete <cus_…>, which ends its subscriptions.
    """
    if step == "cleaned" and trip.left:
        raise Finding(f"the drill left something at Stripe, in test mode: {trip.left}", [trip])
    if step in ("cleaned", *trip.reached):
        return
    if trip.refused and trip.next == step:
        raise Finding(f"Stripe refused: {trip.refused}", [trip])
    raise Finding(_seen(trip, step), [trip])


def _seen(trip: RoundTrip, step: Step) -> str:
    written = trip.written
    paid = ", ".join(written.invoices if written else ()) or "none"
    return {
        "subscription": f"the subscription is {trip.status}, where its first invoice was to be paid at once",
        "row": f"what was subscribed to did not arrive: {'; '.join(trip.wrong)}",
        "invoice": f"no paid invoice arrived in time (by now: {paid})",
        "ended": f"the subscription was canceled, and the row says {written.status if written else 'nothing'}",
    }.get(step, "it did not work")
