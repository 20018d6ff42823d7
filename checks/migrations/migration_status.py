import pytest

from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.migrations import History

pytestmark = [high, runbook("MIG-2")]

RULES = [
    pytest.param("unknown", marks=[pre_deploy, prod_smoke]),
    pytest.param("out-of-order", marks=[pre_deploy, prod_smoke]),
    pytest.param("pending", marks=[prod_smoke]),
]


@pytest.mark.parametrize("rule", RULES)
def test_migration_status(history: History, rule: str) -> None:
    """What is applied to the environment's database is what the repository holds, in the same order.

    Means:   the next push stops half-way, or what was just released runs on a schema it does not expect.
    Confirm: supabase migration list --remote=<project ref>   (CLI 2: --linked; without it CLI 3 lists the local one)
    Contain: do not deploy. Right after a deploy: roll the application back if it needs what is pending.
    Fix:     unknown: in a clean working tree supabase migration fetch --remote=<project ref> (CLI 2: --linked), which
             writes over every file; then look at git diff. out-of-order: rename the file to a time later than the
             newest applied. pending: supabase db push --dry-run --remote=<project ref> (CLI 2: --linked), then push.
    """
    if rule == "unknown" and history.unknown:
        raise Finding("applied, but not in the repository", history.unknown)
    if rule == "out-of-order" and history.out_of_order:
        raise Finding("not applied, though older than the newest applied", history.out_of_order)
    if rule == "pending" and history.pending:
        raise Finding("not applied yet", history.pending)
