from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.events import Written

pytestmark = [high, runbook("PAY-1"), pre_deploy, prod_smoke]


def test_api_version_genuine(written_versions: tuple[Written, ...]) -> None:
    """The version of Stripe's API that the handler's code pins is one that Stripe has.

    Means:   Stripe refuses every call of the handler; signatures are still right, so it looks alive.
    Confirm: stripe balance retrieve --stripe-version=<version>
    Contain: roll the function back to the release before.
    Fix:     write the version in full, with its name (2024-11-20.acacia), or leave apiVersion out: then the SDK's own
             counts. Deploy the function.
    """
    wrong = [one for one in written_versions if not one.genuine]
    if wrong:
        said = "; ".join(one.version + (f" ({one.meant} is perhaps meant)" if one.meant else "") for one in wrong)
        raise Finding(f"Stripe has no such version: {said}", wrong)
