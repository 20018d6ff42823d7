import pytest

from checks import Finding, critical, high, pre_deploy, prod_smoke, runbook
from fixtures.provisioning import Provisioning

pytestmark = [runbook("AUTH-3"), pre_deploy, prod_smoke]

RULES = [
    pytest.param("no-errors", marks=[critical]),
    pytest.param("none-waiting", marks=[critical]),
    pytest.param("recorded", marks=[high]),
]


@pytest.mark.parametrize("rule", RULES)
def test_provisioning_finished(provisioned: Provisioning, rule: str) -> None:
    """No organization is stuck in provisioning: no order failed, and none waits for longer than the limit.

    Means:   these customers signed up, and paid perhaps, and have no database of their own to work with.
    Confirm: psql "$DATABASE_URL" --command "select status, count(*), min(created_at)
             from public.provisioning_events where status <> 'done' group by status"
    Contain: pause sign-ups while every order fails; tell the organizations that are named.
    Fix:     read what went wrong (last_error of these rows, the provisioner's log), then give the order again: update
             public.provisioning_events set status = 'pending', created_at = now() where id = <id>. Orders that only
             wait want their worker started. A table of another name is declared: [provisioning] table = "…".
    """
    if not provisioned.exists:
        raise Finding("the table of provisioning is gone", [provisioned])
    if rule == "no-errors" and provisioned.failed:
        raise Finding(f"{provisioned.failed_count} orders failed", provisioned.failed)
    if rule == "none-waiting" and provisioned.waiting:
        minutes = f"{provisioned.limit / 60:g} minutes"
        raise Finding(f"{provisioned.waiting_count} orders wait for more than {minutes}", provisioned.waiting)
    if rule == "recorded" and not provisioned.events:
        count = provisioned.organizations
        raise Finding("no order was ever written down, though there are organizations", [provisioned], at_least=count)
