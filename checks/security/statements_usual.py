from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.policies import Weakness

pytestmark = [high, runbook("SEC-3"), pre_deploy, prod_smoke]


def test_statements_usual(suspicious_statements: tuple[Weakness, ...]) -> None:
    """The API's roles send no statement that looks like an attempt to break in.

    Means:   somebody has found a way to have their own SQL run, or looks for one. (Seen are the most frequent
             statements, without their constants, and none that failed: that nothing is found proves little.)
    Confirm: psql "$DATABASE_URL" --command 'select query, calls from extensions.pg_stat_statements order by 2 desc'
    Contain: revoke execute on the function that runs it from anon and authenticated; rotate what it could read.
    Fix:     as no_injection says, for the function that the statement came through.
    """
    if suspicious_statements:
        raise Finding(suspicious_statements[0].says, suspicious_statements)
