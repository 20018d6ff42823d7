import pytest

from checks import Finding, critical, low, pre_deploy, prod_smoke, runbook
from fixtures.functions import EdgeFunction

pytestmark = [critical, runbook("DEP-5"), prod_smoke]

RULES = [
    pytest.param("there", marks=[pre_deploy]),
    pytest.param("active", marks=[pre_deploy]),
    pytest.param("ours", marks=[pre_deploy, low]),
    "released",
]


@pytest.mark.parametrize("rule", RULES)
def test_functions_deployed(edge_functions: tuple[EdgeFunction, ...], rule: str) -> None:
    """Every Edge Function of the repository is deployed and active, and no other one is.

    Means:   what calls the function gets 404 (there), an error (active), or the release before (released); a function
             that nobody keeps still answers, with the rights that it was given (ours).
    Confirm: supabase functions list --remote="$SUPABASE_PROJECT_REF"
    Contain: release nothing that calls it; of payments nothing is lost: Stripe repeats its events for three days.
    Fix:     supabase functions deploy <slug> --remote="$SUPABASE_PROJECT_REF"; THROTTLED: see its logs for what it
             does too much of. One that is not ours: supabase functions delete <slug>, or put it into the repository.
    """
    found = {
        "there": [each for each in edge_functions if each.missing and not each.coming],
        "active": [each for each in edge_functions if each.deployed and each.deployed.status != "ACTIVE"],
        "ours": [each for each in edge_functions if each.foreign and not each.coming],
        "released": [each for each in edge_functions if each.coming and (each.missing or each.foreign)],
    }[rule]
    if found:
        says = {"there": "not deployed", "active": "not active", "ours": "deployed, and not in the repository"}
        raise Finding(says.get(rule, "this release has not reached it"), found)
