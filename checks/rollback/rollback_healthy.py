import pytest

from checks import Finding, drill, high, prod_smoke, runbook
from fixtures.vercel import Restored

pytestmark = [high, runbook("ROLL-4"), prod_smoke, drill]


@pytest.mark.parametrize("restored", ["live", "candidate"], indirect=True)
def test_rollback_healthy(restored: Restored) -> None:
    """The deployment that is live, and the one to go back to, say at their own addresses that they are well.

    Means:   going back to it leads from one outage into another; after it, customers still have no application.
    Confirm: curl --fail-with-body --include --header "x-vercel-protection-bypass: $VERCEL_AUTOMATION_BYPASS_SECRET" \\
             "https://<deployment>.vercel.app/health" "https://<deployment>.vercel.app/api/health"
    Contain: do not go back to it: vercel rollback <an older deployment>, where the plan allows more than one step.
    Fix:     an old deployment keeps the variables of its build: one that was changed since (a key that was rotated, an
             address that moved) breaks it; so does a migration that takes away what it reads. Build its commit anew.
    """
    if restored.unhealthy:
        page = restored.unhealthy[0]
        raise Finding(f"{page.url} answers {page.status} and does not say that it is well", [restored])
    if restored.other_commits:
        raise Finding(
            f"says that it is {restored.other_commits[0][:10]}, not {(restored.commit or '')[:10]}", [restored]
        )
