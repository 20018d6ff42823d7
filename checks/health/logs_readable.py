import pytest

from checks import Finding, high, prod_smoke, runbook
from fixtures.logs import LogAccess, LogSource

pytestmark = [high, runbook("LOG-1"), prod_smoke]

LOGS = [
    pytest.param(LogSource("auth"), id="auth"),
    pytest.param(LogSource("database"), id="database"),
    pytest.param(LogSource("functions"), id="functions"),
    pytest.param(LogSource("vercel"), id="vercel"),
    pytest.param(LogSource("container"), id="container"),
    pytest.param(LogSource("file"), id="file"),
]


@pytest.mark.parametrize("log_access", LOGS, indirect=True)
def test_logs_readable(log_access: LogAccess) -> None:
    """Every log can be read with the credentials at hand.

    Means:   in an incident nobody can look: the first hour goes by with asking for access.
    Confirm: supabase logs sources --remote=<project ref>; vercel inspect <deployment> --logs; docker ps --all
    Contain: whoever owns the account reads the log for the others.
    Fix:     what the finding says: a permission of the token, or where the log is now.
    """
    if log_access.refusal:
        raise Finding(f"{log_access.refusal}: {log_access.remedy}", [log_access])
