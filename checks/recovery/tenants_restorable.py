from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.neon import Compared, NeonDeclared

pytestmark = [high, runbook("DR-1", "TEN-3"), pre_deploy, prod_smoke]


def test_tenants_restorable(restore_windows: Compared, neon_declared: NeonDeclared) -> None:
    """Every tenant's database can be restored to any moment of the time that is declared.

    Means:   what a customer deletes by mistake, or an attacker on purpose, is gone sooner than was promised.
    Confirm: neon projects get <project> --output json, and in it history_retention_seconds: 86400 is a day
    Contain: take a snapshot of the projects that are named, in the console (Backup & restore), while nothing is lost.
    Fix:     in the project's console: Settings > Instant restore, as long as the plan allows; and where the provisioner
             makes projects, history_retention_seconds. What was really agreed: [neon] restore_days.
    """
    seen = restore_windows
    if seen.count:
        said = f"{seen.count} are restorable for less than {neon_declared.restore_days:g} days: {seen.first[0].said}"
        raise Finding(said, seen.first, projects=seen.projects, ignored=seen.ignored)
