from checks import Finding, drill, low, runbook
from fixtures.tenants import Reach

pytestmark = [low, runbook("TEN-5"), drill]


def test_tenants_swept(tenant_sweep_done: Reach) -> None:
    """All tenants can be asked within the time that is declared, and one that hangs holds up nobody else.

    Means:   a migration of all tenants, or the search for one that is broken, does not end when it has to.
    Confirm: pytest -m drill checks/tenants/tenants_swept.py (its evidence has the seconds, the slowest, how many)
    Contain: ask in parts: name organizations as sample under [tenant_databases.sql], some each time.
    Fix:     more at once (at_once), while the machine and Neon's limits bear it; less time for each (tenant_seconds);
             first of all those that hang (tenants_reachable). A file with the one authority needed as ca halves the
             work of a greeting. Or declare more time: sweep_seconds.
    """
    seen = tenant_sweep_done
    if seen.unfinished_count:
        raise Finding(
            f"the turn of {seen.unfinished_count} of {seen.asked} tenants did not come within {seen.limit:g} s",
            [f"organization {name}" for name in seen.unfinished],
            seconds=seen.seconds,
            slowest=seen.slowest,
            at_once=seen.at_once,
            kinds=seen.kinds,
        )
