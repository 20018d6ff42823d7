from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.vercel import Project

pytestmark = [high, runbook("ROLL-2"), pre_deploy, prod_smoke]


def test_rollback_undone(vercel_project: Project) -> None:
    """Production is not left rolled back: what is pushed goes live.

    Means:   every release since the rollback was built and never served; a fix that is merged is not live.
    Confirm: lastRollbackTarget and lastAliasRequest tell (vercel rollback status forgets after three minutes):
             curl --fail-with-body --header "Authorization: Bearer $VERCEL_TOKEN" \\
             "https://api.vercel.com/v9/projects/$VERCEL_PROJECT_ID?teamId=$VERCEL_TEAM_ID"
    Contain: nothing is broken by it: what is served is the deployment that was gone back to.
    Fix:     vercel promote <the newest good deployment>; that turns the assignment of domains on again.
    """
    if vercel_project.rolled_back:
        raise Finding("an instant rollback was never undone", [vercel_project])
