from checks import Finding, high, prod_smoke, runbook
from fixtures.vercel import Commit, Project

pytestmark = [high, runbook("DEP-2"), prod_smoke]


def test_deployed_commit(live_deployment: Project, live_commit: Commit, expected_commit: Commit) -> None:
    """The deployment that serves production was made from the commit that was meant to be deployed, and is ready.

    Means:   what was released is not what customers get; a fix that is merged is not live.
    Confirm: git rev-parse HEAD, beside targets.production.meta.githubCommitSha:
             curl --fail-with-body --header "Authorization: Bearer $VERCEL_TOKEN" \\
             "https://api.vercel.com/v9/projects/$VERCEL_PROJECT_ID?teamId=$VERCEL_TEAM_ID"
    Contain: nothing is broken by it alone; do not start a second deploy before it is known why.
    Fix:     vercel inspect <deployment> --logs, for one that failed; vercel promote <deployment>, for one that is ready
             and was not promoted. A branch that is pushed makes a preview: only the production branch goes live.
    """
    if live_deployment.live_state not in (None, "READY"):
        raise Finding(f"the live deployment is {live_deployment.live_state}", [live_deployment.live])
    if not live_commit.is_of(expected_commit.sha):
        meant = f"{expected_commit.subject} was meant to be ({expected_commit.known_by})"
        seen = {"live": live_commit.sha, "expected": expected_commit.sha}
        raise Finding(f"{live_commit.subject} is live, and {meant}", [live_deployment.live], **seen)
