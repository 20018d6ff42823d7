from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.stripe import Plan

pytestmark = [critical, runbook("PAY-8"), pre_deploy, prod_smoke]


def test_plans_priced(plans_on_sale: tuple[Plan, ...]) -> None:
    """Every plan on sale that costs something names its price at Stripe.

    Means:   nobody can pay for the plan: its customers get nothing, or get it for nothing.
    Confirm: select id, price_cents, stripe_price_id from plans where is_active and stripe_price_id is null;
    Contain: take the plan off sale: update plans set is_active = false where id = '<plan>';
    Fix:     make the price, and write the id that it says into the plan's row:
             stripe prices create --product=<prod> --currency=eur --unit-amount=<2900> --recurring.interval=month --live
    """
    unpriced = [plan for plan in plans_on_sale if plan.is_paid_for and plan.price is None]
    if unpriced:
        raise Finding("plans on sale cost something and name no price at Stripe", unpriced)
