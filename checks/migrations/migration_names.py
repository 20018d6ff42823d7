import pytest

from checks import Finding, high, migrations_lane, pre_deploy, runbook
from fixtures.migrations import Folder

pytestmark = [high, runbook("MIG-1"), pre_deploy, migrations_lane]

WRONG = {
    "pattern": "the Supabase CLI skips it without failing",
    "unique": "two files have one version; the second one fails after its statements ran",
    "past": "its version is no moment of the past, so that later migrations sort before it",
    "empty": "there is nothing to run in it, and it is recorded as applied all the same",
    "order": "the CLI sorts versions as texts, and that is another order than that of their numbers",
}


@pytest.mark.parametrize("rule", WRONG)
def test_migration_names(migration_folder: Folder, rule: str) -> None:
    """Every migration file is named so that the Supabase CLI runs it once, in the intended order.

    Means:   a migration is left out, fails, does nothing, or runs in another order than it was tested in.
    Confirm: ls supabase/migrations
    Contain: do not deploy; nothing has happened yet.
    Fix:     git mv the file to <UTC time as YYYYMMDDHHMMSS>_<name>.sql, later than every applied one. A version that
             is applied anywhere keeps its name.
    """
    folder = migration_folder
    found = {"pattern": folder.skipped, "unique": folder.repeated, "past": folder.untimely}
    found |= {"empty": folder.empty, "order": folder.uneven}
    if found[rule]:
        raise Finding(WRONG[rule], found[rule])
