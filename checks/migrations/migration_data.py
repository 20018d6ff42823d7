import pytest

from checks import Finding, critical, migrations_lane, pre_deploy, runbook
from fixtures.hazards import Traced

pytestmark = [critical, runbook("MIG-4"), pre_deploy, migrations_lane]

DANGERS = ["existing-rows", "lost", "unbounded"]


@pytest.mark.parametrize("traced", DANGERS, indirect=True)
def test_migration_data(traced: Traced) -> None:
    """Pending migrations run where there are rows, lose none of them, and change them in batches.

    Means:   the deploy stops half-way; or data is gone that only a backup brings back; or one statement locks every
             row of a table, doubles its size and keeps replicas behind.
    Confirm: psql "$DATABASE_URL" --command "select count(*) from <table>", beside the statement
    Contain: do not deploy. After a loss: stop what writes, and restore to a moment before it (RUNBOOK, recovery).
    Fix:     the safe form that stands with each statement. What is to be lost on purpose is said in the migration:
             -- seatrial: accepts <table or table.column> because <reason>
    """
    if traced.endangered:
        raise Finding(traced.told, traced.endangered, known_by=traced.known_by)
