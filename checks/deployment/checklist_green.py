import pytest

from checks import Finding, high, pre_deploy, runbook
from fixtures.checklist import Step

pytestmark = [high, runbook("DEP-1"), pre_deploy]


@pytest.mark.parametrize("checklist_step", ["tests", "types", "lint", "bundle", "migrations"], indirect=True)
def test_checklist_green(checklist_step: Step) -> None:
    """Tests, type check, lint, bundle and migrations are green for the commit that is about to be deployed.

    Means:   what is deployed was seen to be broken, or was not tried.
    Confirm: run the command in the checkout; or: gh pr checks, gh run list --branch <branch>
    Contain: do not deploy this commit. A push past the gate (a merge as administrator) skips it; it does not pass it.
    Fix:     the end of the output is shown here, the rest lies beside the report: checklist-<step>.log. What hangs was
             ended with all that it started; a step that needs longer says so: within under [checklist].
    """
    if checklist_step.red:
        said = {"output": checklist_step.output, "see": list(checklist_step.see)}
        raise Finding(f"{checklist_step.name}: {checklist_step.red}", [checklist_step.subject], **said)
