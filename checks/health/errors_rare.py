import pytest

from checks import Finding, high, prod_smoke, runbook
from fixtures.logs import LogSource, LogWindow

pytestmark = [high, runbook("AUTH-4"), prod_smoke]

LOGS = [
    pytest.param(LogSource("auth"), id="auth"),
    pytest.param(LogSource("database"), id="database"),
    pytest.param(LogSource("functions"), id="functions"),
    pytest.param(LogSource("container"), id="container"),
    pytest.param(LogSource("file"), id="file"),
]


@pytest.mark.parametrize("log_window", LOGS, indirect=True)
def test_errors_rare(log_window: LogWindow) -> None:
    """Each log has no more errors lately than the environment file allows, what clients cause left out.

    Means:   something fails for customers again and again; right after a deploy, most likely because of it.
    Confirm: supabase logs --remote=<project ref> --service postgres --level error --since 1h   (auth, functions)
             locally: docker logs supabase_db_<project id> --since 1h 2>&1 | grep --ignore-case error
    Contain: vercel rollback <the deployment before>, if it began with the deploy: the finding has the first and last
             time of each message.
    Fix:     the most frequent message first. What is always there and harmless is counted in [logs] errors_of. Of the
             database, refusals of what clients ask for (duplicates, bad values, row security) do not count.
    """
    if log_window.errors > log_window.allowed:
        more = "at least " if log_window.at_least else ""
        message = (
            f"{more}{log_window.errors} errors in {log_window.minutes:g} minutes, {log_window.allowed} are allowed"
        )
        raise Finding(message, log_window.kinds, log=log_window.source)
