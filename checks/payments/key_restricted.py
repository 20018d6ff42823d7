from checks import Finding, low, pre_deploy, prod_smoke, runbook
from fixtures.stripe import Key

pytestmark = [low, runbook("PAY-1"), pre_deploy, prod_smoke]


def test_key_restricted(stripe_key: Key) -> None:
    """The key with which checks ask Stripe is a restricted one, which can do no more than it is needed for.

    Means:   whoever gets hold of this key can refund, charge and read everything, and not only look.
    Confirm: printf %.3s "$STRIPE_API_KEY"      (rk_ is restricted, sk_ can do everything)
    Contain: keep the key where it is needed and nowhere else.
    Fix:     make a restricted key in Stripe's Dashboard (Developers, API keys) with the permissions that
             docs/production.md lists, put it into the variable, and roll the secret key that was there.
    """
    if stripe_key.kind != "restricted":
        raise Finding(f"is a {stripe_key.kind} key", [stripe_key])
