import pytest

from checks import Finding, critical, prod_smoke, runbook
from fixtures.logs import FailedSignups, LogSource

pytestmark = [critical, runbook("AUTH-4"), prod_smoke]

LOGS = [
    pytest.param(LogSource("auth"), id="auth"),
    pytest.param(LogSource("database"), id="database"),
    pytest.param(LogSource("container"), id="container"),
    pytest.param(LogSource("file"), id="file"),
]


@pytest.mark.parametrize("failed_signups", LOGS, indirect=True)
def test_signups_quiet(failed_signups: FailedSignups) -> None:
    """Nobody's sign-up failed in the database lately ("Database error saving new user").

    Means:   new customers get an error 500 and leave: the function behind the trigger on auth.users fails.
    Confirm: supabase logs --remote=<project ref> --service auth --search "saving new user" --since 1h
             supabase logs --remote=<project ref> --service postgres --level error --since 1h
             locally: docker logs supabase_db_<project id> --since 1h 2>&1 | grep --ignore-case error
    Contain: say so on the sign-up page; put the function of the release before back (signup_works says which).
    Fix:     the database's error beside it names the cause: a table or column that the function does not find, a
             value that is missing or taken. See signup_trigger and signup_works.
    """
    if failed_signups.kinds:
        count = sum(kind.count for kind in failed_signups.kinds)
        message = f"{count} failed in the last {failed_signups.minutes:g} minutes"
        raise Finding(message, failed_signups.kinds, log=failed_signups.source)
