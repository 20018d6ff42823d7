from checks import Finding, high, migrations_lane, runbook
from fixtures.plans import Plans

pytestmark = [high, runbook("DB-3"), migrations_lane]


def test_queries_use_index(plans: Plans) -> None:
    """Every critical query of the running release is answered by an index when its tables have many rows.

    Means:   what customers wait for gets slower with each row, and takes the database with it at the next peak.
    Confirm: psql <a copy after the migrations, with rows> --command "explain <the statement>"
    Contain: do not migrate when a pending migration drops the index. After it: create it again, concurrently.
    Fix:     the create index concurrently that is named, in a migration file of its own; or, where another index serves
             the query as well, name that one in the contract (-- uses: …).
    """
    for one in plans.unindexed:
        reads = f"reads all of {one.table} (tried with {one.rows} rows)" if one.table else "does without its index"
        why = (
            f"; {one.index} is not used"
            if one.exists
            else f"; there is no valid index {one.index}"
            if one.index
            else ""
        )
        mend = f"; this one changes it: {one.create}" if one.create else ""
        raise Finding(f"{one.place}, {one.plan}, {reads}{why}{mend}", plans.unindexed)
