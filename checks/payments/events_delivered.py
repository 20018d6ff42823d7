from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.events import Deliveries

pytestmark = [critical, runbook("PAY-5"), pre_deploy, prod_smoke]


def test_events_delivered(undelivered_events: Deliveries) -> None:
    """Every event that Stripe made for the application's endpoint was delivered, soon.

    Means:   the application does not know what customers paid, changed or cancelled.
    Confirm: stripe events retrieve <evt_…> --live, whose pending_webhooks counts the endpoints that did not take it;
             the function's log says why.
    Contain: Stripe repeats deliveries for three days; mend the handler before they end.
    Fix:     stripe events resend <evt_…> --webhook-endpoint=<we_…> --live, for each of them once the handler works. An
             event older than 30 days is gone: compare subscriptions with Stripe instead (subscriptions_agree).
    """
    if undelivered_events.types:
        said = "; ".join(
            f"{one.count} {one.type}, {one.oldest_minutes} minutes old: {', '.join(one.first)}"
            for one in undelivered_events.types[:5]
        )
        count = sum(one.count for one in undelivered_events.types)
        least = "at least " if undelivered_events.more else ""
        raise Finding(f"{least}{count} events are not delivered: {said}", undelivered_events.types)
