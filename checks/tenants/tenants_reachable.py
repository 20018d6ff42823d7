import pytest

from checks import Finding, critical, drill, high, prod_smoke, runbook
from fixtures.tenants import Reach

pytestmark = [runbook("TEN-1")]

WHICH = [
    pytest.param("sample", id="sample", marks=[critical, prod_smoke]),
    pytest.param("all", id="all", marks=[high, drill]),
]


@pytest.mark.parametrize("tenant_reach", WHICH, indirect=True)
def test_tenants_reachable(tenant_reach: Reach) -> None:
    """Each tenant's database that is asked answers over TLS, with its host's certificate, and is that tenant's.

    Means:   these customers cannot work; somebody on the way reads along; or they work in another's database.
    Confirm: PGPASSFILE="$TENANT_PGPASSFILE" PGCONNECT_TIMEOUT=15 psql --no-password
             --command "select current_setting('neon.project_id', true)"
             "host=<host> dbname=neondb user=seatrial_reader sslmode=verify-full sslrootcert=system"
    Contain: another project: stop the application for both organizations at once, as each writes into the other's
             data. Else tell those that are named; never lower sslmode to get through.
    Fix:     as `next` says for each. Password: neonctl roles list --project-id <project>, then the line in the
             password file. Endpoint or host: neonctl projects get <project>, then the row (projects_agree).
    """
    seen = tenant_reach
    if seen.unreached:
        count = sum(seen.kinds.values())
        first = seen.unreached[0]
        raise Finding(
            f"{count} of {seen.asked} tenants cannot be worked with: {first.kind} ({first.said or first.next})",
            seen.unreached,
            kinds=seen.kinds,
            reached=seen.reached,
            rows=seen.rows,
            without_password=seen.without_password_count,
            unfinished=seen.unfinished_count,
        )
