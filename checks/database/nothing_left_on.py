import pytest

from checks import Finding, critical, high, low, pre_deploy, prod_smoke, runbook
from fixtures.activity import Leftovers

pytestmark = [runbook("DB-4"), pre_deploy, prod_smoke]

KINDS = [
    pytest.param("statement-log", id="statement-log", marks=high),
    pytest.param("duration-log", id="duration-log", marks=low),
    pytest.param("auto-explain", id="auto-explain", marks=low),
    pytest.param("planner", id="planner", marks=low),
    pytest.param("debugging", id="debugging", marks=low),
    pytest.param("replication-role", id="replication-role", marks=critical),
    pytest.param("login", id="login", marks=critical),
    pytest.param("trigger", id="trigger", marks=critical),
    pytest.param("event-trigger", id="event-trigger", marks=high),
]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_left_on(kind: str, leftovers: Leftovers) -> None:
    """Nothing that was turned on or off to look for a mistake is still so: logs, planner, logins, triggers.

    Means:   customers' data lands in the log, queries are slow, or what triggers and logins guard is guarded no more.
    Confirm: psql "$DATABASE_URL" --command "select coalesce(rolname, datname), setconfig from pg_db_role_setting
             left join pg_roles r on r.oid = setrole left join pg_database d on d.oid = setdatabase" --command
             "select tgrelid::regclass, tgname from pg_trigger where tgenabled in ('D', 'R')"
    Contain: run the statement that the finding names; sessions that are open keep a setting until they end.
    Fix:     look with pg_stat_statements instead of the log; if it is meant, ship it as a migration, or declare the
             login under [postgres.limits] powerful_logins.
    """
    left = [each for each in leftovers.found if each.kind == kind]

    if left:
        first = left[0]
        raise Finding(f"{first.subject}: {first.why}; to put it right: {first.mend}", left)
