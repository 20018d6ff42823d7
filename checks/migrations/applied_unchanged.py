import pytest

from checks import Finding, high, migrations_lane, pre_deploy, runbook
from fixtures import Unobservable
from fixtures.migrations import Changes

pytestmark = [high, runbook("MIG-1")]

RECORDS = [
    pytest.param("environment", id="environment", marks=pre_deploy),
    pytest.param("base", id="base", marks=migrations_lane),
]


@pytest.mark.parametrize("changes", RECORDS, indirect=True)
@pytest.mark.parametrize("change", ["edited", "renamed"])
def test_applied_unchanged(changes: Changes, change: str) -> None:
    """A migration that was applied, or merged, still has the name and the content that it had then.

    Means:   a database made anew from the files differs from production's, so tests and restores prove nothing.
    Confirm: git log --follow --patch -- <file>
             psql "$DATABASE_URL" --command "select statements from supabase_migrations.schema_migrations"
    Contain: do not deploy; production still is what it was.
    Fix:     git checkout <base branch> -- <file>, and put the change into a new migration.
    """
    if change == "edited" and changes.edited:
        raise Finding("it no longer says what ran", changes.edited)
    if change == "renamed" and changes.renamed:
        raise Finding("its file is gone, or has another name now", changes.renamed)
    if change == "edited" and changes.unrecorded:
        raise Unobservable(f"the history does not say what ran for {', '.join(changes.unrecorded)} (migration repair)")
