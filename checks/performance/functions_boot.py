import pytest

from checks import Finding, critical, low, prod_smoke, runbook
from fixtures.functions import FunctionBoots, FunctionBudget

pytestmark = [runbook("PERF-2"), prod_smoke]

RULES = [pytest.param("starts", marks=[critical]), pytest.param("cold-start", marks=[low])]


@pytest.mark.parametrize("rule", RULES)
def test_functions_boot(function_boots: FunctionBoots, function_budget: FunctionBudget, rule: str) -> None:
    """Edge Functions start, and nineteen of twenty cold starts are within their budget.

    Means:   starts: whoever calls the function gets 503 BOOT_ERROR: events of payments are lost after three days.
             cold-start: the first of every few requests is slow.
    Confirm: supabase logs --remote="$SUPABASE_PROJECT_REF" --service functions --since 1h
    Contain: deploy the function again from the release before; Stripe repeats what it could not deliver.
    Fix:     starts: the import or the top-level statement that the line names. cold-start: fewer and lighter imports,
             nothing awaited at the top level; a budget that is too tight: [functions] boot_ms.
    """
    boots, budget = function_boots, function_budget
    if rule == "starts" and boots.failures > budget.few_failures:
        raise Finding(f"{boots.failures} of {boots.boots + boots.failures} starts failed", [boots])
    if rule == "cold-start" and boots.p95_ms > budget.boot_ms:
        raise Finding(f"one cold start in twenty takes over {boots.p95_ms:.0f} ms", [boots])
