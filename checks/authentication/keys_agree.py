import pytest

from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.agreement import Held

pytestmark = [critical, runbook("AUTH-7")]

PLACES = [
    pytest.param("checkout", id="checkout", marks=[pre_deploy, prod_smoke]),
    pytest.param("management", id="management", marks=[pre_deploy, prod_smoke]),
    pytest.param("built", id="built", marks=[pre_deploy]),  # what is served then is the release before
    pytest.param("served", id="served", marks=[prod_smoke]),
]


@pytest.mark.parametrize("publishable_keys", PLACES, indirect=True)
def test_keys_agree(publishable_keys: Held) -> None:
    """The environment, the checkout, the project and the bundle hold one and the same publishable key.

    Means:   a key was changed in one place only: what still holds the old one stops working when that is deleted, or
             already talks to another project.
    Confirm: printf %s "$SUPABASE_PUBLISHABLE_KEY" | sha256sum; the same of the key in .env.local, and of the one in
             curl --fail-with-body "$OCEAN_URL/assets/<the script>"   (compare the first eight digits, never print keys)
    Contain: do not delete the old key (Settings > API Keys) before every place holds the new one.
    Fix:     put the current key where the finding says; for the bundle: change the build's variable (vercel env update
             VITE_SUPABASE_PUBLISHABLE_KEY production), then build and deploy again, since it is built in.
    """
    ours = publishable_keys.named[0]
    if publishable_keys.strange:
        held = ", ".join(f"{key} ({where})" for key, where in publishable_keys.strange.items())
        raise Finding(f"holds {held}; the environment names {ours}", [publishable_keys])
    if publishable_keys.lacking:
        raise Finding(f"does not know {ours}, which the environment names", [publishable_keys])
