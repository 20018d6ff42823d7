from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.activity import Activity
from fixtures.postgres import Limits

pytestmark = [high, runbook("DB-1"), pre_deploy, prod_smoke]


def test_transactions_end(activity: Activity, database_limits: Limits) -> None:
    """No session sits in a transaction that it began and does nothing in.

    Means:   it holds its locks and a connection of the pool, and keeps dead rows from being vacuumed; the next
             migration waits behind it, and everything behind the migration.
    Confirm: psql "$DATABASE_URL" --command "select pid, usename, application_name, now() - state_change as idle_for
             from pg_stat_activity where state like 'idle in transaction%' order by 4 desc"
    Contain: select pg_terminate_backend(<pid>), for that one pid: what it did is rolled back.
    Fix:     find where the application calls something slow between begin and commit; alter role <login> set
             idle_in_transaction_session_timeout = '60s'
    """
    most = database_limits.idle_in_transaction_seconds
    waiting = [each for each in activity.sessions if each.is_client and each.state.startswith("idle in transaction")]
    forgotten = [each for each in waiting if (each.state_seconds or 0) > most]

    if forgotten:
        worst = max(forgotten, key=lambda each: each.state_seconds or 0)
        since = f"{worst.state} for {worst.state_seconds:.0f} s (at most {most:g} s)"
        raise Finding(f"{worst.subject}, pid {worst.pid}: {since}; {len(forgotten)} such", forgotten)
