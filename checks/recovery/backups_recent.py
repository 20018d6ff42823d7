import pytest

from checks import Finding, critical, high, pre_deploy, prod_smoke, runbook
from fixtures.management import RestorePoints, RetentionDeclared

pytestmark = [runbook("DR-1"), pre_deploy, prod_smoke]

RULES = [
    pytest.param("recent", marks=[critical]),
    pytest.param("completed", marks=[high]),
    pytest.param("kept", marks=[high]),
]


@pytest.mark.parametrize("rule", RULES)
def test_backups_recent(restore_points: RestorePoints, retention_declared: RetentionDeclared, rule: str) -> None:
    """The database can be restored: to a recent moment, and as far back as is declared.

    Means:   what is deleted or overwritten by mistake, ours or an attacker's, is gone for good.
    Confirm: supabase backups list --remote="$SUPABASE_PROJECT_REF"
    Contain: make one now: supabase db dump --remote="$DATABASE_URL" --file ocean.sql (the data: --data-only), and change nothing large until it is there.
    Fix:     Database > Backups in the dashboard: the plan (Pro keeps 7 days, Team 14, Enterprise 30), or point-in-time
             recovery, an add-on. What has FAILED: https://supabase.com/dashboard/support with the backup's id.
    """
    points, declared = restore_points, retention_declared
    newest = points.newest_hours
    longest = declared.days * 24 if points.point_in_time else declared.hours  # no WAL is shipped while nothing happens
    due, full = points.project_days * 24 > declared.hours, points.project_days > declared.days
    broken = {
        "recent": due and (newest is None or newest > longest) and f"the newest is {_old(newest, 'hours')}",
        "completed": points.failed and f"{len(points.failed)} failed since the last that was completed",
        "kept": full and _lacks(points, declared),
    }[rule]
    if broken:
        raise Finding(broken, points.failed if rule == "completed" else [points])


def _lacks(points: RestorePoints, declared: RetentionDeclared) -> str | None:
    if points.oldest_days is None or points.oldest_days < declared.days - 1:
        return f"the oldest is {_old(points.oldest_days, 'days')}, and {declared.days} days are declared"
    return f"{points.gap_hours:.0f} hours without one" if points.gap_hours > declared.hours else None


def _old(age: float | None, unit: str) -> str:
    return "not there" if age is None else f"{age:.0f} {unit} old"
