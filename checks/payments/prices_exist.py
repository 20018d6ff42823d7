from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.stripe import PlanPrice

pytestmark = [critical, runbook("PAY-8"), pre_deploy, prod_smoke]


def test_prices_exist(plan_prices: tuple[PlanPrice, ...]) -> None:
    """Stripe knows every price that a plan on sale names.

    Means:   a customer who chooses the plan cannot pay: the checkout fails.
    Confirm: stripe prices retrieve <price_…> --live
    Contain: take the plan off sale: update plans set is_active = false where id = '<plan>';
    Fix:     write the right id into the plan's row; if it is one of test mode, make the price in live mode too, and
             name that one.
    """
    unknown = [price for price in plan_prices if not price.exists]
    if unknown:
        raise Finding("plans on sale name prices that Stripe does not know", unknown)
