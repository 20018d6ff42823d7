from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.management import RestorePoints, RetentionDeclared

pytestmark = [high, runbook("DR-1"), pre_deploy, prod_smoke]


def test_backups_kept(restore_points: RestorePoints, retention_declared: RetentionDeclared) -> None:
    """It is possible to restore to any day of the time for which backups are declared to be kept.

    Means:   a mistake that is found late, or on a day of which there is no backup, cannot be undone.
    Confirm: supabase backups list --remote="$SUPABASE_PROJECT_REF"
    Contain: keep what is there: restore the oldest that is still needed to a new project, or download it.
    Fix:     Database > Backups in the dashboard: the plan (Pro keeps 7 days, Team 14, Enterprise 30), or the retention
             of point-in-time recovery. What was really agreed: [management] backup_days.
    """
    points, declared = restore_points, retention_declared
    if points.project_days <= declared.days:
        return  # it cannot reach back further than the project
    if points.oldest_days is None:
        raise Finding("there is none", [points])
    if points.oldest_days < declared.days - 1:
        raise Finding(f"{points.oldest_days:.0f} days are kept, and {declared.days} are declared", [points])
    if points.gap_hours > declared.hours:
        raise Finding(f"{points.gap_hours:.0f} hours without one", [points])
