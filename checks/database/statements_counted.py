from checks import Finding, low, pre_deploy, prod_smoke, runbook
from fixtures.activity import Counting

pytestmark = [low, runbook("DB-2"), pre_deploy, prod_smoke]


def test_statements_counted(counting: Counting) -> None:
    """The database counts its statements, so that a slow one can be found (pg_stat_statements).

    Means:   when the database is slow nobody can say which statement it is.
    Confirm: psql "$DATABASE_URL" --command "select extname, nspname from pg_extension join pg_namespace n
             on n.oid = extnamespace" --command "show pg_stat_statements.track" --command "show compute_query_id"
    Contain: look at pg_stat_activity while it is slow.
    Fix:     what the finding names; on Supabase: Database, Extensions, pg_stat_statements.
    """
    if counting.obstacles:
        why, mend = counting.obstacles[0]
        raise Finding(
            f"pg_stat_statements counts nothing: {why}; {mend}", ["pg_stat_statements"], all=counting.obstacles
        )
