from checks import Finding, high, prod_smoke, runbook
from fixtures.vercel import Deployment, Project

pytestmark = [high, runbook("DEP-2"), prod_smoke]


def test_newest_live(production_deployments: tuple[Deployment, ...], live_deployment: Project) -> None:
    """No production deployment that is newer than the live one failed, hangs, or stands ready without being served.

    Means:   somebody believes that a release is out, and it is not.
    Confirm: vercel ls --environment production; vercel inspect <deployment> --logs
    Contain: nothing is broken by it: what is served is the release before.
    Fix:     mend the build and push again; for one that is ready: vercel promote <deployment>, which also turns the
             assignment of domains on again after a rollback.
    """
    newer = [deployment for deployment in production_deployments if deployment.unserved]
    if newer:
        more = "" if live_deployment.assigns_domains else "; the project assigns no domains to new deployments"
        raise Finding(f"{newer[0].unserved}, and is newer than {live_deployment.live}{more}", newer)
