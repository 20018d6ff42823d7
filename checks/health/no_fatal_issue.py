from checks import Finding, critical, prod_smoke, runbook
from fixtures.sentry import Issue

pytestmark = [critical, runbook("ALRT-1"), prod_smoke]


def test_no_fatal_issue(fatal_issues: tuple[Issue, ...]) -> None:
    """Nothing fatal is new in Sentry and unresolved.

    Means:   a part of the application stops entirely for those who meet it.
    Confirm: Sentry > Issues, query "is:unresolved level:fatal firstSeen:-24h"
    Contain: if it began with the release: vercel rollback <the deployment before>
    Fix:     open each issue: stack trace, suspect commits. Resolve it there when the fix is live; archive what is known
             and harmless, so that it does not stand in the way of the next release.
    """
    if fatal_issues:
        events = sum(issue.events for issue in fatal_issues)
        said = ", ".join(f"{issue.short_id} {issue.kind} in {issue.place}".rstrip() for issue in fatal_issues[:5])
        raise Finding(f"new and fatal, {events} events: {said}", fatal_issues)
