import pytest

from checks import Finding, drill, high, runbook
from fixtures.readonly import Served

pytestmark = [high, runbook("DR-4"), drill]


@pytest.mark.parametrize("served_readonly", ["frontend", "api", "graphql", "members"], indirect=True)
def test_read_only_served(served_readonly: Served) -> None:
    """While the database refuses writes, what only reads is served as before.

    Means:   when a disk is full, and Supabase makes the database read-only, customers do not even see what they have.
    Confirm: on staging, never in production: alter database postgres set default_transaction_read_only = on; then open
             the application, and look at Logs > Postgres for "in a read-only transaction"; then:
             alter database postgres reset default_transaction_read_only;
    Contain: the disk: enlarge it (Settings > Compute and Disk), or delete; then allow writes by the button there.
    Fix:     what is asked to read must not write: no "last seen", no counter, no log row in the same transaction; make
             such a write afterwards, on its own, and let it fail.
    """
    if served_readonly.during:
        raise Finding(f"not served while writes are refused: {served_readonly.during}", [served_readonly])
