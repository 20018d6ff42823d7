from checks import Finding, high, prod_smoke, runbook
from fixtures.vercel import DomainTarget, Project

pytestmark = [high, runbook("DEP-2"), prod_smoke]


def test_domains_live(domain_targets: tuple[DomainTarget, ...], live_deployment: Project) -> None:
    """Every production domain leads to the deployment that is live.

    Means:   customers on this domain get another release than all others, or none.
    Confirm: curl --fail-with-body --header "Authorization: Bearer $VERCEL_TOKEN" \\
             "https://api.vercel.com/v4/aliases?projectId=$VERCEL_PROJECT_ID&teamId=$VERCEL_TEAM_ID&domain=<domain>"
    Contain: vercel alias set <the live deployment> <domain>
    Fix:     assign the domain to production in the project's settings; an alias that was set by hand stays where it is
             when the next release goes live.
    """
    stale = [target for target in domain_targets if target.deployment != live_deployment.live]
    if stale:
        leads = {target.domain: target.deployment or "no deployment" for target in stale}
        raise Finding(f"leads elsewhere than to {live_deployment.live}", stale, leads_to=leads)
