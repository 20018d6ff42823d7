from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.stripe import PreviousPrice

pytestmark = [high, runbook("PAY-8", "ROLL-5"), pre_deploy, prod_smoke]


def test_previous_prices_active(previous_prices: tuple[PreviousPrice, ...]) -> None:
    """The price that each current one replaced is still active, for the same product, currency and interval.

    Means:   a rollback of the release cannot put subscriptions back to what they cost before.
    Confirm: stripe prices retrieve <price_…> --live
    Contain: nobody is charged wrongly yet: keep the release, or roll back without touching prices.
    Fix:     stripe prices update <price_…> --active=true --live; archive former prices only when no rollback can want
             them any more, and then take them out of [stripe] previous_prices.
    """
    wrong = [price for price in previous_prices if price.wrong]
    if wrong:
        said = "; ".join(f"{price.previous} {price.wrong}" for price in wrong[:5])
        raise Finding(f"no way back to a former price: {said}", wrong)
