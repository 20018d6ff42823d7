from checks import Finding, high, prod_smoke, runbook
from fixtures.vercel import Commit, ServedCommit

pytestmark = [high, runbook("DEP-2"), prod_smoke]


def test_served_commit(served_commit: ServedCommit, live_commit: Commit) -> None:
    """The application says that it is the commit that is live according to Vercel.

    Means:   the public address does not lead to the deployment that Vercel calls live, or serves an old copy of it.
    Confirm: curl --fail-with-body --include "$OCEAN_URL/health", beside: vercel inspect "$OCEAN_URL"
    Contain: vercel alias set <the live deployment> <domain>
    Fix:     look for what stands before Vercel: another DNS record, a proxy that keeps answers (age, x-vercel-cache),
             a service worker; and have the build put the commit into the page: VERCEL_GIT_COMMIT_SHA.
    """
    if not live_commit.is_of(served_commit.sha):
        raise Finding(
            f"says that it is {served_commit.sha[:10]}, and {live_commit.sha[:10]} is live ({live_commit.known_by})",
            [served_commit],
            live=live_commit.sha,
        )
