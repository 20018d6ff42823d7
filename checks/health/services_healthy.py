import pytest

from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.management import ServiceHealth

pytestmark = [critical, runbook("HLTH-3"), pre_deploy, prod_smoke]


@pytest.mark.parametrize("service_health", ["auth", "rest", "realtime", "storage", "pooler", "db"], indirect=True)
def test_services_healthy(service_health: ServiceHealth) -> None:
    """Each of Supabase's own services says that it is healthy: coming up is not yet.

    Means:   without auth nobody signs in, without rest, pooler or db nothing is read or saved; realtime, storage:
             what people see does not change by itself, files are missing.
    Confirm: curl --fail-with-body --header "Authorization: Bearer $SUPABASE_ACCESS_TOKEN" \\
             "https://api.supabase.com/v1/projects/$SUPABASE_PROJECT_REF/health?services=auth&services=db"
    Contain: do not deploy; say on the status page what does not work; https://status.supabase.com says if it is all.
    Fix:     look at the project's reports for memory, disk and connections; restart the project from its settings;
             https://supabase.com/dashboard/support with the ref and the error below.
    """
    if service_health.status != "ACTIVE_HEALTHY":
        raise Finding(f"is {service_health.status}", [service_health])
    if service_health.healthy is False:
        raise Finding("is not healthy, though its status says so", [service_health])
