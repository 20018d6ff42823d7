import pytest

from checks import ON_EVERY_DATABASE, Finding, critical, runbook
from fixtures.supabase import Table

pytestmark = [critical, runbook("RLS-1")]


@pytest.mark.parametrize("exposed_tables", ON_EVERY_DATABASE, indirect=True)
def test_rls_enabled(exposed_tables: tuple[Table, ...], public_tables: tuple[str, ...]) -> None:
    """Row-level security is on for every table that the API can reach.

    Means:   anyone who holds the publishable key can read or write every row of it.
    Confirm: psql "$DATABASE_URL" --file fixtures/supabase/exposed_tables.sql
    Contain: revoke all on <table> from public, anon, authenticated;
    Fix:     alter table <table> enable row level security; add policies for each command; ship both as a migration.
             A table that everybody reads on purpose, and that nobody may write, is named under [application]
             public_tables in the environment file.
    """
    excused = {table for table in exposed_tables if table.subject in public_tables and not table.writers}
    unprotected = [table for table in exposed_tables if not table.rls_enabled and table not in excused]
    if unprotected:
        raise Finding("row-level security is off", unprotected)
