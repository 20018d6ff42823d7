from checks import Finding, critical, prod_smoke, runbook
from fixtures.events import Arrived

pytestmark = [critical, runbook("PAY-10", "ALRT-2"), prod_smoke]


def test_events_stored(arrived_events: Arrived) -> None:
    """Every event that Stripe counts as delivered is in the application's own table.

    Means:   the handler answered that all is well and kept nothing; or its endpoint was disabled, or did not ask for
             the type, when the event was made. Stripe will not deliver these by itself.
    Confirm: select * from webhook_events where id = '<evt_…>';
    Contain: stripe events resend <evt_…> --webhook-endpoint=<we_…> --live for each, once the handler is right.
    Fix:     answer 2xx only after the event is stored; look which address the endpoint has: another environment may
             have taken them. If the application deletes rows, look back less far: [stripe.limits] lag_hours.
    """
    if arrived_events.lost:
        raise Finding(
            f"{arrived_events.lost} of {arrived_events.made} delivered events are not stored:"
            f" {', '.join(arrived_events.first)}",
            [arrived_events],
        )
