import pytest

from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.activity import Stuck

pytestmark = [high, runbook("DB-5"), pre_deploy, prod_smoke]

KINDS = [pytest.param(each, id=each) for each in ("query", "transaction", "lock-queue", "prepared-transaction")]


@pytest.mark.parametrize("stuck", KINDS, indirect=True)
def test_nothing_stuck(stuck: tuple[Stuck, ...]) -> None:
    """Nothing in the database goes on, or waits for a lock, for longer than it may.

    Means:   requests pile up behind it until no connection is free; a migration that queues there stops everything.
    Confirm: psql "$DATABASE_URL" --command "select pid, pg_blocking_pids(pid), now() - query_start as since, query
             from pg_stat_activity where backend_type = 'client backend' and state <> 'idle' order by since desc"
    Contain: end the one that is named, nothing else: its statement is in the evidence (it is rolled back).
    Fix:     give logins a statement_timeout and migrations a lock_timeout; an index for the slow query (DB-3).
    """
    if stuck:
        worst = max(stuck, key=lambda each: each.seconds)
        since = f"for {worst.seconds:.0f} s (at most {worst.most:g} s)"
        raise Finding(f"{worst.subject} {since}: {worst.detail}; to end it: {worst.end}", stuck)
