import pytest

from checks import Finding, high, low, pre_deploy, prod_smoke, runbook
from fixtures.activity import Unfinished

pytestmark = [runbook("DB-5"), pre_deploy, prod_smoke]

KINDS = [pytest.param("index", id="index", marks=high), pytest.param("constraint", id="constraint", marks=low)]


@pytest.mark.parametrize("unfinished", KINDS, indirect=True)
def test_nothing_unfinished(unfinished: tuple[Unfinished, ...]) -> None:
    """Every index is valid, and every constraint holds for all rows.

    Means:   queries do without the index and writes still pay for it; rows that break the constraint stay there.
    Confirm: psql "$DATABASE_URL" --command "select indexrelid::regclass from pg_index where not indisvalid" --command
             "select conrelid::regclass, conname from pg_constraint where not convalidated"
    Contain: nothing; unless a unique index is concerned: look for rows that are there twice.
    Fix:     the statement that the finding names, in a migration of its own (an index: outside a transaction).
    """
    if unfinished:
        first = unfinished[0]
        raise Finding(f"{first.subject} {first.why}; to end it: {first.mend}", unfinished)
