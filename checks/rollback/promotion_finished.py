from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.vercel import Project

pytestmark = [high, runbook("ROLL-2"), pre_deploy, prod_smoke]


def test_promotion_finished(vercel_project: Project) -> None:
    """No promotion or rollback is under way, and the last one did not fail.

    Means:   some domains serve one release and some another; going back now would meet a half-done change.
    Confirm: lastAliasRequest.jobStatus tells (vercel promote status <project> knows only the last three minutes):
             curl --fail-with-body --header "Authorization: Bearer $VERCEL_TOKEN" \\
             "https://api.vercel.com/v9/projects/$VERCEL_PROJECT_ID?teamId=$VERCEL_TEAM_ID"
    Contain: wait until it has ended; do not start another.
    Fix:     after a failure, repeat it: vercel promote <deployment>, or vercel rollback <deployment>.
    """
    last = vercel_project.last_release
    if last is not None and last.status in ("pending", "in-progress", "failed"):
        raise Finding(f"the last {last.kind or 'release'} is {last.status}", [last])
