import pytest

from checks import Finding, critical, prod_smoke, runbook
from fixtures.logs import LogSource, LogWindow

pytestmark = [critical, runbook("AUTH-4"), prod_smoke]

LOGS = [
    pytest.param(LogSource("auth"), id="auth"),
    pytest.param(LogSource("database"), id="database"),
    pytest.param(LogSource("container"), id="container"),
    pytest.param(LogSource("file"), id="file"),
]


@pytest.mark.parametrize("log_window", LOGS, indirect=True)
def test_signups_quiet(log_window: LogWindow) -> None:
    """Nobody's sign-up failed in the database lately ("Database error saving new user").

    Means:   new customers get an error 500 and leave: the function behind the trigger on auth.users fails.
    Confirm: supabase logs --remote=<project ref> --service auth --search "saving new user" --since 1h
             supabase logs --remote=<project ref> --service postgres --level error --since 1h
             locally: docker logs supabase_db_<project id> --since 1h 2>&1 | grep --ignore-case error
    Contain: say so on the sign-up page; put the function of the release before back (signup_works says which).
    Fix:     the database's error beside it names the cause: a table or column that the function does not find, a
             value that is missing or taken. See signup_trigger and signup_works.
    """
    if log_window.failed_signups:
        count = sum(kind.count for kind in log_window.failed_signups)
        more = "at least " if log_window.at_least else ""
        message = f"{more}{count} failed in the last {log_window.minutes:g} minutes"
        raise Finding(message, log_window.failed_signups, log=log_window.source)
