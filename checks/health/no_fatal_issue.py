import pytest

from checks import Finding, critical, high, prod_smoke, runbook
from fixtures.sentry import Issue, Kind

pytestmark = [runbook("ALRT-1"), prod_smoke]

KINDS = [
    pytest.param(Kind("new"), id="new", marks=critical),
    pytest.param(Kind("regressed"), id="regressed", marks=critical),
    pytest.param(Kind("unhandled"), id="unhandled", marks=high),
]


@pytest.mark.parametrize("bad_issues", KINDS, indirect=True)
def test_no_fatal_issue(bad_issues: tuple[Issue, ...]) -> None:
    """Nothing fatal is new or back in Sentry, and nothing new that nobody catches.

    Means:   a part of the application stops entirely for those who meet it.
    Confirm: Sentry > Issues, query "is:unresolved level:fatal firstSeen:-24h", the same with is:regressed, and
             "is:unresolved error.unhandled:true firstSeen:-24h" (what browsers report is an error, never fatal)
    Contain: if it began with the release: vercel rollback <the deployment before>
    Fix:     open each issue: stack trace, suspect commits. Resolve it there when the fix is live; archive what is known
             and harmless, so that it does not stand in the way of the next release.
    """
    if bad_issues:
        events = sum(issue.events or 1 for issue in bad_issues)
        said = ", ".join(f"{issue.short_id} {issue.kind} in {issue.place}" for issue in bad_issues[:5])
        raise Finding(f"{events} events: {said}", bad_issues)
