import pytest

from checks import Finding, high, migrations_lane, pre_deploy, runbook
from fixtures.rehearsal import Reversal

pytestmark = [high, runbook("MIG-6"), pre_deploy, migrations_lane]


@pytest.mark.parametrize("reversal", ["rolled-back", "down-script"], indirect=True)
def test_leaves_nothing(reversal: Reversal) -> None:
    """A pending migration that is taken back leaves the database as it was.

    Means:   after a deploy that failed, or was undone, something stays: the next attempt stops at it, or a grant or
             policy is in force that nobody knows of.
    Confirm: psql "$DATABASE_URL" with begin; \\i <file> rollback; and the object of the finding before and after
    Contain: do not deploy; when it has happened, run the SQL of the finding.
    Fix:     add to the script in seatrial/down/ what the finding shows. What a rollback does not take back (setval, a
             COMMIT in the file) goes into a migration of its own.
    """
    if reversal.failed is not None:
        raise Finding(f"the script that undoes it does not run: {reversal.failed}", reversal.judged)
    if reversal.leftovers:
        raise Finding("taken back, the migration leaves something", reversal.leftovers)
