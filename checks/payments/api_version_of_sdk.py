from checks import Finding, low, pre_deploy, prod_smoke, runbook
from fixtures.events import Written

pytestmark = [low, runbook("PAY-1"), pre_deploy, prod_smoke]


def test_api_version_of_sdk(sdk_versions: tuple[Written, ...]) -> None:
    """The version of Stripe's API that the handler's code pins is the one for which its SDK was made.

    Means:   the SDK's types describe other objects than those that come: fields are missing where the compiler is sure.
    Confirm: grep -rn "apiVersion\\|stripe@" supabase/functions
    Contain: nothing is broken until a field that has moved is read.
    Fix:     pin the SDK's own version, or import the release of the SDK that was made for the one that is pinned.
    """
    other = [one for one in sdk_versions if one.version != one.sdk]
    if other:
        said = "; ".join(f"{one.version} is pinned, stripe@{one.release} speaks {one.sdk}" for one in other)
        raise Finding(said, other)
