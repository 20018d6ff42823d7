from checks import Finding, critical, prod_smoke, runbook
from fixtures.events import Waiting

pytestmark = [critical, runbook("PAY-10", "ALRT-2"), prod_smoke]


def test_events_processed(waiting_events: Waiting) -> None:
    """Every event that the webhook handler stored is carried out, soon.

    Means:   what customers paid or cancelled is known and not done, and Stripe may not deliver it again.
    Confirm: select id, type, attempts, last_error from webhook_events where processed_at is null order by received_at;
    Contain: tell support which organizations wait for what they paid for.
    Fix:     mend what last_error says, then stripe events resend <evt_…> --webhook-endpoint=<we_…> --live for each.
    """
    if waiting_events.count:
        raise Finding(
            f"{waiting_events.count} events wait, the oldest for {waiting_events.oldest:.0f} minutes:"
            f" {', '.join(waiting_events.first)}",
            [waiting_events],
        )
