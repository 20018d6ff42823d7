from checks import Finding, high, prod_smoke, runbook
from fixtures.sentry import Sessions

pytestmark = [high, runbook("ALRT-1"), prod_smoke]


def test_sessions_crash_free(sessions_ended: Sessions) -> None:
    """Nearly all sessions end without a crash.

    Means:   the application falls over while customers use it; what they were typing is lost.
    Confirm: Sentry > Releases: crash-free sessions of the newest release, beside those of the one before.
    Contain: if it began with the release: vercel rollback <the deployment before>
    Fix:     Sentry > Issues, query "is:unresolved error.unhandled:true", sorted by users.
    """
    if sessions_ended.total >= sessions_ended.least and sessions_ended.crash_free < sessions_ended.floor:
        crashed = sessions_ended.by_status.get("crashed", 0)
        raise Finding(
            f"{crashed} of {sessions_ended.total} sessions crashed within {sessions_ended.hours} h: "
            f"{sessions_ended.crash_free:g} % crash-free of at least {sessions_ended.floor:g} %",
            [sessions_ended],
        )
