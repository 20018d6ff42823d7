from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.tenants import Presence

pytestmark = [critical, runbook("TEN-2"), pre_deploy, prod_smoke]


def test_tenants_provisioned(tenants_present: Presence) -> None:
    """Every organization has a database of its own written down.

    Means:   these customers signed up, and paid perhaps, and have no database of their own to work with.
    Confirm: as a login that sees all rows: select o.id, o.created_at from public.organizations o
             where not exists (select from public.organization_databases d where d.organization_id = o.id)
    Contain: pause sign-ups while every new organization is affected; tell the organizations that are named.
    Fix:     give the order again (provisioning_finished says how), and read the provisioner's log when it fails again.
             Where not every organization has a database, name a view of those that do:
             [tenant_databases] organizations = "…".
    """
    seen = tenants_present
    if seen.without_count:
        said = f"{seen.without_count} of {seen.organizations} organizations have no database"
        raise Finding(said, [f"organization {each}" for each in seen.without], rows=seen.rows)
