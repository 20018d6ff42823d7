import pytest

from checks import Finding, high, prod_smoke, runbook
from fixtures.functions import FunctionBudget, FunctionStatistics

pytestmark = [high, runbook("PERF-2"), prod_smoke]


@pytest.mark.parametrize("rule", ["failures", "duration"])
def test_functions_fast(
    function_statistics: tuple[FunctionStatistics, ...], function_budget: FunctionBudget, rule: str
) -> None:
    """Edge Functions answer within their budget, and few of their requests fail.

    Means:   failures: payments are not recorded, pages stay empty. duration: people wait at every step.
    Confirm: Edge Functions > <slug> > Invocations in the dashboard; supabase functions list for its version
    Contain: since the last deploy: deploy that function again from the release before.
    Fix:     its logs: supabase logs --remote="$SUPABASE_PROJECT_REF" --service functions --since 1h (CLI 3); what it
             waits for (database, Stripe) by its spans. A budget that is too tight: [functions] in the environment file.
    """
    budget = function_budget
    failing = [one for one in function_statistics if one.failed > budget.few_failures]
    failing = [one for one in failing if one.failed_share > budget.failed_share]
    slow = [one for one in function_statistics if one.average_ms > budget.average_ms]
    if rule == "failures" and failing:
        shares = {one.slug: f"{one.failed} of {one.requests}" for one in failing}
        raise Finding(f"more than {budget.failed_share:.1%} of the requests failed", failing, failed=shares)
    if rule == "duration" and slow:
        raise Finding(f"takes longer than {budget.average_ms:.0f} ms on average", slow)
