from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.management import RestorePoints, RetentionDeclared

pytestmark = [critical, runbook("DR-1"), pre_deploy, prod_smoke]


def test_backups_recent(restore_points: RestorePoints, retention_declared: RetentionDeclared) -> None:
    """The database can be restored to a recent moment.

    Means:   what is deleted or overwritten by mistake, ours or an attacker's, is gone for good.
    Confirm: supabase backups list --remote="$SUPABASE_PROJECT_REF"
    Contain: make one now: supabase db dump --remote="$DATABASE_URL" --file ocean.sql (the data: --data-only), and
             change nothing large until it is there.
    Fix:     Database > Backups in the dashboard: a plan that has backups, or point-in-time recovery, an add-on.
    """
    points, declared = restore_points, retention_declared
    newest = points.newest_hours
    # With point-in-time recovery no WAL is shipped while nothing is written; a new project has no backup yet.
    longest = declared.days * 24 if points.point_in_time else declared.hours
    if newest is None and points.project_days * 24 > declared.hours:
        raise Finding("there is none", [points])
    if newest is not None and newest > longest:
        raise Finding(f"the newest is {newest:.0f} hours old", [points])
