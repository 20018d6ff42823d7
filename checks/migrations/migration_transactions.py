import pytest

from checks import Finding, high, migrations_lane, pre_deploy, runbook
from fixtures.lint import Flaw

pytestmark = [high, runbook("MIG-4"), pre_deploy, migrations_lane]

RULES = {
    "left-open": "its transaction does not end as it should",
    "in-transaction": "it is refused inside a transaction",
    "set-local": "a setting ends before the statement that it is for",
    "enum-value": "a new value is used too soon",
    "half-applied": "when it fails, half of it stays",
    "invalid-index": "an index that failed counts as made",
    "role-left": "a role stays on",
}
CASES = [pytest.param(f"migration_transactions[{rule}]", id=rule) for rule in RULES]


@pytest.mark.parametrize("flaws", CASES, indirect=True)
def test_migration_transactions(flaws: tuple[Flaw, ...]) -> None:
    """Every pending migration is applied whole or not at all, in the transactions that the Supabase CLI makes of it.

    Means:   the CLI reports success although nothing was applied, or stops and leaves half of a file in place.
    Confirm: psql "$DATABASE_URL" --command 'select version from supabase_migrations.schema_migrations order by 1'
             psql "$DATABASE_URL" --command 'select indexrelid::regclass from pg_index where not indisvalid'
    Contain: do not deploy. After a push that stopped: look at what of the file is there before anything runs again.
    Fix:     as the finding says, for this statement. A file needs no BEGIN and COMMIT; CONCURRENTLY has one of its own.
    """
    if flaws:
        rule = flaws[0].case.partition("[")[2].rstrip("]")
        raise Finding(f"{RULES[rule]}: {flaws[0].place}", flaws)
