from checks import Finding, critical, prod_smoke, runbook
from fixtures.functions import FunctionBoots, FunctionBudget

pytestmark = [critical, runbook("PERF-2"), prod_smoke]


def test_functions_start(function_boots: FunctionBoots, function_budget: FunctionBudget) -> None:
    """Edge Functions start.

    Means:   whoever calls the function gets 503 BOOT_ERROR; events of payments are lost after three days.
    Confirm: supabase logs --remote="$SUPABASE_PROJECT_REF" --service functions --since 1h
    Contain: deploy the function again from the release before; Stripe repeats what it could not deliver.
    Fix:     the import, or the statement at the top level, that the line names; supabase functions serve shows it too.
    """
    boots = function_boots
    if boots.failures > function_budget.few_failures:
        raise Finding(f"{boots.failures} of {boots.boots + boots.failures} starts failed", [boots])
