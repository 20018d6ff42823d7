from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.vercel import Deployment

pytestmark = [high, runbook("ROLL-1"), pre_deploy, prod_smoke]


def test_rollback_candidate(production_deployments: tuple[Deployment, ...]) -> None:
    """There is a production deployment to go back to: ready, served before, and not about to expire.

    Means:   when the release turns out broken there is no instant way back, only a new build.
    Confirm: vercel inspect <deployment>, for each of these:
             curl --fail-with-body --header "Authorization: Bearer $VERCEL_TOKEN" \\
             "https://api.vercel.com/v7/deployments?projectId=$VERCEL_PROJECT_ID&teamId=$VERCEL_TEAM_ID&target=production"
    Contain: do not deploy until there is one, or keep a person ready to build the former commit.
    Fix:     lengthen the retention of production deployments; promote a good deployment once, so that it can be
             gone back to from then on.
    """
    others = [deployment for deployment in production_deployments if not deployment.live]
    if not any(not deployment.obstacles for deployment in others):
        why = {deployment.uid: list(deployment.obstacles) for deployment in others}
        raise Finding("nothing to go back to" if others else "no other production deployment", others, obstacles=why)
