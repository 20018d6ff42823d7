import pytest

from checks import Finding, critical, low, pre_deploy, prod_smoke, runbook
from fixtures.functions import EdgeFunction

pytestmark = [critical, runbook("DEP-5"), pre_deploy, prod_smoke]

RULES = ["there", "active", pytest.param("ours", marks=[low])]


@pytest.mark.parametrize("rule", RULES)
def test_functions_deployed(edge_functions: tuple[EdgeFunction, ...], rule: str) -> None:
    """Every Edge Function of the repository is deployed and active, and no other one is.

    Means:   what calls the function gets 404 (there) or an error (active); a function that nobody keeps still answers,
             with the rights that it was given (ours).
    Confirm: supabase functions list --remote="$SUPABASE_PROJECT_REF"
    Contain: release nothing that calls it; of payments nothing is lost: Stripe repeats its events for three days.
    Fix:     supabase functions deploy <slug> --remote="$SUPABASE_PROJECT_REF"; THROTTLED: see its logs for what
             it does too much of. One that is not ours: supabase functions delete <slug>, or put it into the repository.
    """
    found = {
        "there": [each for each in edge_functions if each.declared and not each.deployed],
        "active": [each for each in edge_functions if each.deployed and each.deployed.status != "ACTIVE"],
        "ours": [each for each in edge_functions if each.deployed and not each.declared],
    }[rule]
    says = {"there": "not deployed", "active": "not active", "ours": "deployed, and not in the repository"}
    if found:
        raise Finding(says[rule], found)
