import pytest

from checks import Finding, high, migrations_lane, pre_deploy, runbook
from fixtures.hazards import Traced

pytestmark = [high, runbook("MIG-4"), pre_deploy, migrations_lane]

DANGERS = ["rewrite", "scan", "index", "held", "lock-timeout"]


@pytest.mark.parametrize("traced", DANGERS, indirect=True)
def test_migration_locks(traced: Traced) -> None:
    """No pending migration makes customers wait for a lock while it works, or waits for one itself without limit.

    Means:   requests hang and then fail, on tables in use for as long as the statement takes, and behind a single
             long-running query for as long as that one does.
    Confirm: run the file in a transaction on a copy with rows: begin; \\timing on \\i <file>
             select relation::regclass, mode from pg_locks where pid = pg_backend_pid(); rollback;
    Contain: do not deploy. If it runs already: select pg_cancel_backend(pid) from pg_stat_activity where query = …
    Fix:     the safe form that stands with each statement. How large tables are: [workbench] rows and sizes. What is
             known to be harmless: -- seatrial: accepts <table> because <reason>, in the migration.
    """
    if traced.endangered:
        raise Finding(traced.told, traced.endangered, known_by=traced.known_by)
