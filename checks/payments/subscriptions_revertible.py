from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.subscriptions import Revertible

pytestmark = [high, runbook("ROLL-5"), pre_deploy, prod_smoke]


def test_subscriptions_revertible(revertible: Revertible) -> None:
    """Every subscription to a price that replaced another can be put back by its item's id, and is listed.

    Means:   after a rollback of prices these customers go on paying the new price, or are charged for both.
    Confirm: stripe subscriptions retrieve <sub_…> --live
    Contain: nothing at once: the list of all others is in the report, subscriptions-to-revert.csv (subscription, item,
             price, previous price, quantity).
    Fix:     in a rollback, for each line, and here for every item that is named (without its id a second is added):
             stripe subscriptions update <sub_…> -d "items[0][id]=<si_…>" -d "items[0][price]=<price_…>" \\
             --proration-behavior=none --live
             What a schedule keeps is released from it first: stripe subscription_schedules release <sub_sched_…> --live
    """
    if revertible.obstacles:
        first = "; ".join(f"{each.subscription}: {each.why}" for each in revertible.obstacles[:3])
        counts = f"{revertible.obstacle_count:,} of {revertible.count:,} subscriptions"
        message = f"{counts} cannot be put back as the others are: {first}"
        raise Finding(message, revertible.obstacles, by_price=revertible.by_price)
