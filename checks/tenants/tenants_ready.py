import pytest

from checks import Finding, critical, high, pre_deploy, prod_smoke, runbook
from fixtures.tenants import Standing

pytestmark = [runbook("TEN-2"), pre_deploy, prod_smoke]

RULES = [
    pytest.param("none-failed", marks=[critical]),
    pytest.param("none-stuck", marks=[high]),
]


@pytest.mark.parametrize("rule", RULES)
def test_tenants_ready(tenants_standing: Standing, rule: str) -> None:
    """Every tenant's database is ready: none failed, and none is on its way for longer than the limit.

    Means:   these customers cannot work, though the application thinks that they have a database.
    Confirm: as a login that sees all rows: select state, count(*), min(updated_at)
             from public.organization_databases group by state
    Contain: pause sign-ups while every new tenant is affected; tell the organizations that are named.
    Fix:     look at the project (neon projects get <project>; neon operations list --project-id <project>), then
             give the order again (provisioning_finished says how). States of other names are declared:
             [tenant_databases] ready = ["…"], failed = ["…"], initial = ["…"], and the limit: minutes.
    """
    seen = tenants_standing
    evidence = {"of": seen.rows, "states": seen.states}
    if rule == "none-failed" and seen.failed_count:
        raise Finding(f"{seen.failed_count} of {seen.rows} failed", seen.failed, **evidence)
    if rule == "none-stuck" and seen.stuck_count:
        minutes = f"{seen.limit / 60:g} minutes"
        raise Finding(
            f"{seen.stuck_count} of {seen.rows} are under way for more than {minutes}", seen.stuck, **evidence
        )
