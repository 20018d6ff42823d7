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
    """Each tenant's database that is asked answers, over TLS with a certificate that is its host's.

    Means:   these customers cannot work; or, where it is TLS, somebody on the way can read and change what they do.
    Confirm: PGPASSFILE="$TENANT_PGPASSFILE" PGCONNECT_TIMEOUT=15 psql --no-password --command "select 1"
             "host=<host> dbname=neondb user=seatrial_reader sslmode=verify-full sslrootcert=system"
    Contain: tell the organizations that are named; never lower sslmode to get through.
    Fix:     as `next` says for each. Password: neonctl roles list --project-id <project>, then the line in the
             password file. Endpoint: neonctl projects get <project>, then the row's host. Who answers is known by the
             host alone: that it is this organization's is compared in projects_agree.
    """
    seen = tenant_reach
    if seen.unreached:
        count = sum(seen.kinds.values())
        first = seen.unreached[0]
        raise Finding(
            f"{count} of {seen.asked} tenants are not reached: {first.kind} ({first.said or first.next})",
            seen.unreached,
            kinds=seen.kinds,
            reached=seen.reached,
            rows=seen.rows,
            without_password=seen.without_password_count,
            unfinished=seen.unfinished_count,
        )
