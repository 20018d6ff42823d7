import pytest

from checks import Finding, critical, high, pre_deploy, prod_smoke, runbook
from fixtures.subscriptions import Tally

pytestmark = [runbook("PAY-7"), pre_deploy, prod_smoke]

KINDS = [
    pytest.param("customer-gone", id="customer", marks=[critical]),
    pytest.param("no-method", id="payment-method", marks=[high]),
]


@pytest.mark.parametrize("disagreements", KINDS, indirect=True)
def test_customers_chargeable(disagreements: Tally) -> None:
    """Every paying organization has its customer at Stripe, with a payment method that is charged by default.

    Means:   the next invoice of these organizations cannot be paid: they lose what they use, and we their money.
    Confirm: stripe customers retrieve <cus_…> --live
    Contain: do not cancel them by hand; while an invoice is unpaid Stripe tries again for as long as is set there.
    Fix:     customer: it was deleted: let the organization subscribe again (a deleted one does not come back).
             payment-method: send them to the customer portal; where there is one that is not the default: stripe
             customers update <cus_…> -d "invoice_settings[default_payment_method]=<pm_…>" --live
             Trials, invoices that are sent, and what costs nothing or ends with its period need none; a discount of
             100 % for ever is not seen: waive that subscription.
    """
    if disagreements.shown:
        message = f"{disagreements.total:,} {disagreements.means}{disagreements.remark}"
        raise Finding(message, disagreements.shown, count=disagreements.total)
