from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.stripe import Moded

pytestmark = [critical, runbook("PAY-1"), pre_deploy, prod_smoke]


def test_account_of_mode(balance_mode: Moded) -> None:
    """Stripe shows the account's balance in the environment's mode: live in production, test elsewhere.

    Means:   no money moves in production, or real money does in a test.
    Confirm: stripe balance retrieve --live
    Contain: nobody should pay until it is clear which account is used.
    Fix:     put a restricted key of the right mode and account into STRIPE_API_KEY, and look which the application has.
    """
    if balance_mode.mode != balance_mode.expected:
        raise Finding(f"is of {balance_mode.mode} mode, where {balance_mode.expected} is expected", [balance_mode])
