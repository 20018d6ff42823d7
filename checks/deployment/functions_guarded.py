import pytest

from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.functions import EdgeFunction

pytestmark = [critical, runbook("DEP-5"), prod_smoke]


@pytest.mark.parametrize("door", [pytest.param("wrong", id="as-declared", marks=[pre_deploy]), "released"])
def test_functions_guarded(function_doors: tuple[EdgeFunction, ...], door: str) -> None:
    """Each Edge Function demands a token exactly when supabase/config.toml says so (verify_jwt; on by default).

    Means:   on where it should be off: Stripe's events are refused with 401 before the function sees them, payments are
             not recorded. Off where it should be on: anybody on the internet may call the function.
    Confirm: curl --fail-with-body --header "Authorization: Bearer $SUPABASE_ACCESS_TOKEN" \\
             "https://api.supabase.com/v1/projects/$SUPABASE_PROJECT_REF/functions"
    Contain: deploy the function again from the release that is live; it takes a minute.
    Fix:     [functions.<slug>] verify_jwt in supabase/config.toml, then supabase functions deploy <slug> without
             --no-verify-jwt: that flag, in a script or typed once, goes before the file. released: deploy it.
    """
    found = [each for each in function_doors if each.door == door]
    if found:
        says = {each.slug: each.deployed.verify_jwt for each in found if each.deployed}
        raise Finding("verify_jwt is not what the repository says", found, verify_jwt=says)
