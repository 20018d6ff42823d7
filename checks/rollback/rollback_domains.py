from checks import Finding, high, pre_deploy, prod_smoke, runbook

pytestmark = [high, runbook("ROLL-1"), pre_deploy, prod_smoke]


def test_rollback_domains(production_domains: tuple[str, ...], domains_after_rollback: tuple[str, ...]) -> None:
    """Going back restores every domain on which production is served.

    Means:   after a rollback some customers still get the broken release.
    Confirm: curl --fail-with-body --header "Authorization: Bearer $VERCEL_TOKEN" \\
             "https://api.vercel.com/v4/aliases?projectId=$VERCEL_PROJECT_ID&teamId=$VERCEL_TEAM_ID&rollbackDeploymentId=<id>"
    Contain: after a rollback, point the domain by hand: vercel alias set <deployment> <domain>
    Fix:     assign the domain to production in the project's settings, so that deployments get it as an alias.
    """
    left_behind = [domain for domain in production_domains if domain not in domains_after_rollback]
    if left_behind:
        raise Finding("a rollback would leave this domain where it is", left_behind)
