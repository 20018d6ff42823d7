import pytest

from checks import Finding, critical, migrations_lane, pre_deploy, runbook
from fixtures.rehearsal import ABOUT, Protection

pytestmark = [critical, runbook("MIG-5"), pre_deploy, migrations_lane]


@pytest.mark.parametrize("kept_protection", ABOUT, indirect=True)
def test_protection_kept(kept_protection: Protection) -> None:
    """No protection is lost that the pending migrations do not give up by name.

    Means:   after the deploy somebody can read, write or call what was closed to them, or a rule that kept the data
             sound is gone; no test that uses the application notices.
    Confirm: psql "$DATABASE_URL" --command '\\d+ <table>' --command '\\df+ <function>' --command '\\dp <table>'
    Contain: do not deploy. If it is live: put the policy, trigger, grant or setting back as the finding shows it; for a
             new table: alter table <table> enable row level security;
    Fix:     a new table needs that, and its policies, in its migration; where an object is made anew, say it again
             (security_invoker, search_path, revoke execute … from public, anon). Meant so: write into the migration
             -- seatrial: accepts <subject> because <reason>
    """
    if kept_protection.lost:
        told = "; ".join(f"{one.subject}: {one.says}" for one in kept_protection.lost[:3])
        raise Finding(told, kept_protection.lost)
