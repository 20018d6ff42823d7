import pytest

from checks import Finding, critical, high, pre_deploy, prod_smoke, runbook
from fixtures.activity import Store

pytestmark = [runbook("DB-5"), pre_deploy, prod_smoke]

OF = [
    pytest.param("transaction-ids", id="transaction-ids", marks=critical),
    pytest.param("multixacts", id="multixacts", marks=critical),
    pytest.param("sequences", id="sequences", marks=high),
    pytest.param("disk", id="disk", marks=critical),
    pytest.param("replication-slots", id="replication-slots", marks=high),
]


@pytest.mark.parametrize("stores", OF, indirect=True)
def test_room_left(stores: tuple[Store, ...]) -> None:
    """Nothing in the database is about to run out: transaction ids, sequences, the disk, the log that slots hold.

    Means:   on the day it ends no row can be written any more: every sign-up, payment and webhook fails.
    Confirm: psql "$DATABASE_URL" --command "select datname, age(datfrozenxid), mxid_age(datminmxid) from pg_database"
             --command "select schemaname, sequencename, data_type, last_value, max_value from pg_sequences" --command
             "select slot_name, active, pg_current_wal_lsn() - restart_lsn as held from pg_replication_slots"
    Contain: disk: enlarge it (a full one makes the project read-only). Slot: drop the one that nobody reads.
             Ids: end the oldest transactions and prepared ones, then vacuum (freeze) the tables that are named.
    Fix:     let autovacuum run on them; make the column and its sequence bigint; alert on the slot's reader.
    """
    scarce = [store for store in stores if store.used > store.limit]

    if scarce:
        worst = max(scarce, key=lambda store: store.used / max(store.most, 1))
        share = f"{worst.used:,.0f} of {worst.most:,.0f} {worst.unit}, more than {worst.limit:,.0f}"
        raise Finding(f"{worst.subject}: {share}; {worst.detail}".rstrip("; "), scarce)
