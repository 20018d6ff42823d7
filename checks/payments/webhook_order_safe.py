import pytest

from checks import Finding, critical, drill, high, low, runbook
from fixtures.webhook import Effect

pytestmark = [runbook("PAY-4"), drill]

ORDERS = [
    pytest.param("older-later", id="older-later", marks=[critical]),
    pytest.param("same-second", id="same-second", marks=[critical]),
    pytest.param("same-second-reversed", id="same-second-reversed", marks=[high]),
    pytest.param("same-second-updates", id="same-second-updates", marks=[low]),
    pytest.param("ended-stays", id="ended-stays", marks=[critical]),
    pytest.param("ended-first", id="ended-first", marks=[high]),
    pytest.param("another-ends", id="another-ends", marks=[high]),
    pytest.param("paid-stays", id="paid-stays", marks=[high]),
]


@pytest.mark.parametrize("effect", ORDERS, indirect=True)
def test_webhook_order_safe(effect: Effect) -> None:
    """The database says what Stripe said last, in whatever order its events arrive.

    Means:   older-later, ended-*: a subscription that was canceled or is unpaid works again, or a paid one does not.
             same-second*: one that was paid at once stays incomplete. another-ends: whoever changed plans has none.
    Confirm: pytest checks/payments/webhook_order_safe.py --env staging
    Contain: set the row by hand to what stripe subscriptions retrieve <sub_…> --live says; PAY-9 lists which differ.
    Fix:     keep the event's created with the row, and let an older one change nothing. Stripe's times are whole
             seconds: in the same one, created never overwrites, what has ended stays so, and data.previous_attributes
             says what an update follows. Or ask Stripe for the subscription each time, and write that. An end counts
             only for the subscription that the row has.
    """
    if not effect.is_applied:
        answers = ", ".join(map(str, effect.answers))
        raise Finding(f"the database says: {effect.told} (answered {answers})", [effect])
