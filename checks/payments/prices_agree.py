import pytest

from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.stripe import Aspect, PlanPrice

pytestmark = [critical, runbook("PAY-8"), pre_deploy, prod_smoke]


@pytest.mark.parametrize("aspect", ["active", "amount", "currency", "interval"])
def test_prices_agree(aspect: Aspect, known_plan_prices: tuple[PlanPrice, ...]) -> None:
    """Stripe's price of every plan on sale is active, and has the amount, currency and interval of the plan's row.

    Means:   customers pay another sum than the one they were shown, or cannot subscribe at all.
    Confirm: stripe prices retrieve <price_…> --live
    Contain: take the plan off sale: update plans set is_active = false where id = '<plan>';
    Fix:     active: stripe prices update <price_…> --active=true --live (and its product in the same way).
             Amount, currency and interval of a price never change: if Stripe is wrong, make a new price and write its
             id into the plan's row, else correct the row; then tell who paid the wrong sum.
    """
    differing = [price for price in known_plan_prices if aspect in price.differs]
    if differing:
        said = "; ".join(f"{price.subject}: {price.differs[aspect]}" for price in differing[:5])
        raise Finding(f"the plan table and Stripe disagree: {said}", differing)
