import pytest

from checks import Finding, high, migrations_lane, pre_deploy, runbook
from fixtures.migrations import EditedFile, Kept, RenamedFile

pytestmark = [high, runbook("MIG-1")]

KEPT = [
    pytest.param(Kept("content", "environment"), id="edited-environment", marks=[pre_deploy]),
    pytest.param(Kept("name", "environment"), id="renamed-environment", marks=[pre_deploy]),
    pytest.param(Kept("content", "base"), id="edited-base", marks=[migrations_lane]),
    pytest.param(Kept("name", "base"), id="renamed-base", marks=[migrations_lane]),
]


@pytest.mark.parametrize("changes", KEPT, indirect=True)
def test_applied_unchanged(changes: tuple[EditedFile | RenamedFile, ...]) -> None:
    """A migration that was applied, or merged, still has the name and the content that it had then.

    Means:   a database made anew from the files differs from production's, so tests and restores prove nothing.
    Confirm: git log --follow --patch -- <file>
             psql "$DATABASE_URL" -Atc "select array_to_string(statements, E';\\n')
               from supabase_migrations.schema_migrations where version = '<version>'"
    Contain: do not deploy; production still is what it was.
    Fix:     git checkout <the commit that was applied> -- <file> (after a rename: git mv it back), and put the
             change into a new migration.
    """
    if changes:
        raise Finding("it is not what was applied any more: edited, renamed, or gone", changes)
