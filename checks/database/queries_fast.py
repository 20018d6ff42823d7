import pytest

from checks import Finding, high, low, pre_deploy, prod_smoke, runbook
from fixtures.activity import Counted
from fixtures.postgres import Limits

pytestmark = [runbook("DB-2"), pre_deploy, prod_smoke]

BY = [pytest.param("mean", id="mean", marks=high), pytest.param("share", id="share", marks=low)]


@pytest.mark.parametrize("slow_statements", BY, indirect=True)
def test_queries_fast(slow_statements: tuple[Counted, ...], database_limits: Limits) -> None:
    """No statement that is sent often takes long on average, and none takes most of a busy database's time.

    Means:   customers wait for it, and it takes the time of all others.
    Confirm: psql "$DATABASE_URL" --command "select calls, mean_exec_time, total_exec_time, query
             from extensions.pg_stat_statements order by total_exec_time desc limit 10"
    Contain: give its login a statement_timeout; turn off the page or job that sends it.
    Fix:     explain (generic_plan) <the statement>, without analyze in production; add the index it lacks (DB-3); ask
             for fewer rows. Afterwards: select extensions.pg_stat_statements_reset()
    """
    if slow_statements:
        one = slow_statements[0]
        took = f"{one.mean_ms:.0f} ms on average (budget {database_limits.statement_ms:g} ms), {one.calls} calls"
        raise Finding(f"{took}, {one.share:.0%} of all time, sent by {one.role}: {one.statement}", slow_statements)
