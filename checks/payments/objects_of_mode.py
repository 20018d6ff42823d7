from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.stripe import Moded

pytestmark = [critical, runbook("PAY-1"), pre_deploy, prod_smoke]


def test_objects_of_mode(shown_modes: tuple[Moded, ...]) -> None:
    """The plans' prices and the webhook endpoints that Stripe shows are of the environment's mode.

    Means:   the application sells with prices, or listens at endpoints, that move no money, or real money in a test.
    Confirm: stripe prices retrieve <price_…> --live
    Contain: nobody should pay until it is clear which account is used.
    Fix:     put the key of the right mode and account into STRIPE_API_KEY; name prices of that mode in the plans' rows.
    """
    wrong = [one for one in shown_modes if one.mode != one.expected]
    if wrong:
        raise Finding(f"{len(wrong)} of {len(shown_modes)} are of {wrong[0].mode} mode", wrong)
