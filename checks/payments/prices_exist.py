import pytest

from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.stripe import Plan, PlanPrice

pytestmark = [critical, runbook("PAY-8"), pre_deploy, prod_smoke]


@pytest.mark.parametrize("what", ["named", "known"])
def test_prices_exist(what: str, plans_on_sale: tuple[Plan, ...], plan_prices: tuple[PlanPrice, ...]) -> None:
    """Every plan on sale that costs something names a price, and Stripe knows every price that a plan names.

    Means:   a customer who chooses the plan cannot pay: the checkout fails, or gives it away.
    Confirm: stripe prices retrieve <price_…> --live
    Contain: take the plan off sale: update plans set is_active = false where id = '<plan>';
    Fix:     write the right id into the plan's row; if it is one of test mode, make the price in live mode too, and
             name that one.
    """
    if what == "named":
        unpriced = [plan for plan in plans_on_sale if plan.is_paid_for and plan.price is None]
        if unpriced:
            raise Finding("plans on sale cost something and name no price at Stripe", unpriced)
        return
    unknown = [price for price in plan_prices if not price.exists]
    if unknown:
        raise Finding("plans on sale name prices that Stripe does not know", unknown)
