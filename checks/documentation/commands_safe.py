import pytest

from checks import Finding, high, pre_deploy, runbook
from fixtures.commands import Misread, Rule

pytestmark = [high, runbook("DOC-1"), pre_deploy]

RULES = [
    pytest.param(Rule("target"), id="target"),
    pytest.param(Rule("remote-loss"), id="remote-loss"),
    pytest.param(Rule("history"), id="history"),
    pytest.param(Rule("shows-secret"), id="shows-secret"),
    pytest.param(Rule("typed-password"), id="typed-password"),
    pytest.param(Rule("unverified"), id="unverified"),
    pytest.param(Rule("curl-fails"), id="curl-fails"),
    pytest.param(Rule("graphql"), id="graphql"),
    pytest.param(Rule("all-pages"), id="all-pages"),
    pytest.param(Rule("stripe-secret"), id="stripe-secret"),
    pytest.param(Rule("stripe-item"), id="stripe-item"),
    pytest.param(Rule("stripe-mode"), id="stripe-mode"),
    pytest.param(Rule("vercel-environment"), id="vercel-environment"),
    pytest.param(Rule("docker-logs"), id="docker-logs"),
    pytest.param(Rule("branch"), id="branch"),
    pytest.param(Rule("remark"), id="remark"),
    pytest.param(Rule("sql"), id="sql"),
]


@pytest.mark.parametrize("misread_commands", RULES, indirect=True)
def test_commands_safe(misread_commands: tuple[Misread, ...]) -> None:
    """No command of the runbook does something else than whoever types it in a hurry expects.

    Means:   the runbook makes an incident worse: rows are lost, a secret is in a log, an outage looks healthy.
    Confirm: the finding says what each line really does, and why.
    Contain: strike the line out today.
    Fix:     write what stands under `instead`; if the line is meant as it is, waive it with the reason.
    """
    if misread_commands:
        raise Finding("; ".join(dict.fromkeys(command.really for command in misread_commands)), misread_commands)
