import pytest

from checks import Finding, low, migrations_lane, pre_deploy, runbook
from fixtures.policies import Weakness

pytestmark = [low, runbook("RLS-7")]

RULES = ["per-row-call", "volatile-call", "missing-index", "wrapped-column", "duplicate"]
WHERE = [
    pytest.param("environment", id="environment", marks=[pre_deploy]),
    pytest.param("replayed", id="replayed", marks=[migrations_lane]),
]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("slow_policies", WHERE, indirect=True)
def test_policies_fast(slow_policies: tuple[Weakness, ...], rule: str) -> None:
    """Policies ask once what is the same for every row, and ask for columns that have an index.

    Means:   every query of the table, however small, takes longer with each row that the table gains.
    Confirm: psql "$DATABASE_URL" --command 'explain (analyze) select from <table>'  (in a transaction, as
             authenticated with claims: a function in "Filter" is called for each row; "InitPlan" once)
    Contain: nothing is exposed; more compute buys time.
    Fix:     the finding's SQL as a migration.
    """
    found = [each for each in slow_policies if each.rule == rule]
    if found:
        raise Finding(found[0].says, found, sql=[each.instead for each in found])
