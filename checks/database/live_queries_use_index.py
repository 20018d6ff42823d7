import pytest

from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.plans import LivePlans

pytestmark = [high, runbook("DB-3"), pre_deploy, prod_smoke]

OF = [pytest.param("contract", id="contract"), pytest.param("busiest", id="busiest")]


@pytest.mark.parametrize("live_plans", OF, indirect=True)
def test_live_queries_use_index(live_plans: LivePlans) -> None:
    """The queries that customers wait for, and those that take the most time, are answered by an index in use now.

    Means:   each of them reads a whole table, and takes the longer the more customers there are.
    Confirm: psql "$DATABASE_URL" --command "explain (generic_plan) <the statement>"   (never with analyze: it runs it)
    Contain: create the index concurrently, as the finding says; analyze <table> when the estimates are far off.
    Fix:     the same in a migration of its own, outside a transaction; mark the statement with -- uses: <index> in
             the contract, so that the next migration that drops it is stopped before it runs.
    """
    for one in live_plans.slow:
        reads = f"{one.node}, about {one.rows} rows" + (f", for {one.filter}" if one.filter else "")
        lacks = f"; there is no valid index {one.index}" if one.index else ""
        mend = f"; probably missing: {one.create}" if one.create else ""
        sends = f"{one.place} as {one.role}"
        raise Finding(f"{sends}: {reads}{lacks}{mend}", live_plans.slow, statement=one.statement, cost=one.cost)
