import pytest

from checks import Finding, high, prod_smoke, runbook
from fixtures.sentry import Sessions, Whose

pytestmark = [high, runbook("ALRT-1"), prod_smoke]

SESSIONS = [pytest.param(Whose("release"), id="release"), pytest.param(Whose("day"), id="day")]


@pytest.mark.parametrize("sessions_ended", SESSIONS, indirect=True)
def test_sessions_crash_free(sessions_ended: Sessions) -> None:
    """Nearly all sessions end without a crash, of the newest release alone and of the whole day.

    Means:   the application falls over while customers use it; what they were typing is lost.
    Confirm: Sentry > Releases: crash-free sessions of the newest release, beside those of the one before.
    Contain: if it began with the release: vercel rollback <the deployment before>
    Fix:     Sentry > Issues, query "is:unresolved error.unhandled:true", sorted by users.
    """
    seen = sessions_ended
    if seen.total >= seen.least and seen.crash_free < seen.floor:
        crashed = f"{seen.by_status.get('crashed', 0)} of {seen.total} sessions crashed within {seen.hours} h"
        raise Finding(f"{crashed}: {seen.crash_free:g} % crash-free of at least {seen.floor:g} %", [seen])
