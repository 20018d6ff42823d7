from checks import Finding, high, prod_smoke, runbook
from fixtures.events import Payments

pytestmark = [high, runbook("PAY-10", "ALRT-2"), prod_smoke]


def test_payments_succeed(payments: Payments) -> None:
    """No more invoices than usual fail to be paid.

    Means:   customers cannot pay, or somebody tries stolen cards: most of the failed being a customer's first says so.
    Confirm: stripe invoices retrieve <in_…> --live; what became of the payment says why it was declined.
    Contain: stolen cards: demand 3D Secure with a Radar rule. Else tell customers that they need not try again now.
    Fix:     https://status.stripe.com; then what changed since the last good day: the release, a currency, a payment
             method, rules of Radar.
    """
    if payments.failed >= payments.least and payments.share > payments.limit:
        raise Finding(
            f"{payments.failed} of {payments.paid + payments.failed} invoices are not paid ({payments.share:.0%}, and"
            f" {payments.limit:.0%} is the limit): {', '.join(payments.invoices)}",
            [payments],
        )
