from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.management import ProjectState

pytestmark = [critical, runbook("HLTH-3"), pre_deploy, prod_smoke]


def test_project_active(project_state: ProjectState) -> None:
    """The Supabase project runs: it is not paused, restoring, upgrading or failed.

    Means:   nothing works that needs the database: the project is not there, or is about to go.
    Confirm: curl --fail-with-body --header "Authorization: Bearer $SUPABASE_ACCESS_TOKEN" \\
             "https://api.supabase.com/v1/projects/$SUPABASE_PROJECT_REF"
    Contain: do not deploy; put up the maintenance page.
    Fix:     INACTIVE: unpause it in the dashboard. RESTORING, UPGRADING, RESIZING: wait until it is over. What ends
             in FAILED: https://supabase.com/dashboard/support with the ref.
    """
    if project_state.status != "ACTIVE_HEALTHY":
        raise Finding(f"the project is {project_state.status}", [project_state])
