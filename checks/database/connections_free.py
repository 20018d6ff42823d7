import pytest

from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.activity import Bound
from fixtures.postgres import Limits

pytestmark = [high, runbook("DB-1", "ALRT-2"), pre_deploy, prod_smoke]

OF = [pytest.param(each, id=each) for each in ("server", "role", "database", "pool")]


@pytest.mark.parametrize("bounds", OF, indirect=True)
def test_connections_free(bounds: tuple[Bound, ...], database_limits: Limits) -> None:
    """There are free connections: on the server, for each role and database with a limit, in the pooler's pools.

    Means:   when the last one is taken, every further request fails: the application is down though nothing broke.
    Confirm: psql "$DATABASE_URL" --command "select usename, application_name, state, count(*) from pg_stat_activity
             where backend_type = 'client backend' group by 1, 2, 3 order by 4 desc"
    Contain: stop or scale down the application that holds the most; idle connections of a pool are normal, so end
             single ones by pid, and only those that nobody will miss: select pg_terminate_backend(<pid>)
    Fix:     have functions and jobs go through the transaction pooler (port 6543); lower their pool sizes; a larger
             instance allows more.
    """
    tight = [bound for bound in bounds if bound.used > bound.most * database_limits.connections_share]

    if tight:
        worst = max(tight, key=lambda bound: bound.used / max(bound.most, 1))
        share = f"more than {database_limits.connections_share:.0%}"
        raise Finding(f"{worst.subject}: {worst.used} of {worst.most} connections are in use, {share}", tight)
