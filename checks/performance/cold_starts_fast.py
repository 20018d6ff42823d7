from checks import Finding, low, prod_smoke, runbook
from fixtures.functions import FunctionBoots, FunctionBudget

pytestmark = [low, runbook("PERF-2"), prod_smoke]


def test_cold_starts_fast(cold_starts: FunctionBoots, function_budget: FunctionBudget) -> None:
    """Nineteen of twenty cold starts of Edge Functions are within their budget.

    Means:   the first of every few requests is slow; a webhook that answers late is sent again.
    Confirm: supabase logs --remote="$SUPABASE_PROJECT_REF" --service functions --since 1h   (booted (time: …))
    Contain: nothing is broken by it; a scheduled request keeps a function warm.
    Fix:     fewer and lighter imports, nothing awaited at the top level; too tight a budget: [functions] boot_ms.
    """
    if cold_starts.p95_ms > function_budget.boot_ms:
        raise Finding(f"one cold start in twenty takes over {cold_starts.p95_ms:.0f} ms", [cold_starts])
