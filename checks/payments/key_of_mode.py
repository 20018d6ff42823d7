from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.stripe import Key

pytestmark = [critical, runbook("PAY-1"), pre_deploy, prod_smoke]


def test_key_of_mode(stripe_key: Key) -> None:
    """The key with which Stripe is asked is one of the environment's mode: live in production, test elsewhere.

    Means:   everything else that is said about payments is said about the wrong account: test money in production, or
             customers' own cards in a test.
    Confirm: printf %.8s "$STRIPE_API_KEY"      (the first eight characters say it: rk_live_ or rk_test_)
    Contain: run nothing that writes with it.
    Fix:     put a restricted key of the right mode into the variable; where the application itself has such a key, it
             needs another as well.
    """
    if stripe_key.mode != stripe_key.expected:
        raise Finding(f"is a key of {stripe_key.mode} mode, where {stripe_key.expected} is expected", [stripe_key])
