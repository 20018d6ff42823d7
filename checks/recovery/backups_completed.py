from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.management import RestorePoints

pytestmark = [high, runbook("DR-1"), pre_deploy, prod_smoke]


def test_backups_completed(restore_points: RestorePoints) -> None:
    """No daily backup has failed since the last that was completed.

    Means:   the newest backup gets older with every night, and soon there is none of yesterday.
    Confirm: supabase backups list --remote="$SUPABASE_PROJECT_REF"
    Contain: make one now: supabase db dump --remote="$DATABASE_URL" --file ocean.sql (the data: --data-only)
    Fix:     https://supabase.com/dashboard/support with the backup's id; look for a full disk (database_writable).
    """
    if restore_points.failed:
        raise Finding(f"{len(restore_points.failed)} failed since the last that was completed", restore_points.failed)
