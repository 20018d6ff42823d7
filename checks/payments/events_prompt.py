from checks import Finding, high, prod_smoke, runbook
from fixtures.events import Lag

pytestmark = [high, runbook("PAY-10", "ALRT-2"), prod_smoke]


def test_events_prompt(webhook_lag: Lag) -> None:
    """Stripe's events arrive soon after they are made.

    Means:   customers have paid and wait for what they paid for.
    Confirm: select id, type, received_at - created_at from webhook_events order by received_at desc limit 20;
    Contain: what is late will come: Stripe repeats deliveries for three days. Tell support.
    Fix:     late ones were mostly refused first: the function's log says why. If none was, see
             https://status.stripe.com and whether the function answers slowly (functions_fast).
    """
    lag = webhook_lag
    if lag.late >= lag.least and lag.late > lag.share * lag.arrived:
        raise Finding(
            f"{lag.late} of {lag.arrived} events came more than {lag.limit:g} s after they were made, the slowest after"
            f" {lag.slowest:.0f} s: {', '.join(lag.first)}",
            [lag],
        )
