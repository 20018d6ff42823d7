import pytest

from checks import Finding, critical, drill, high, pre_deploy, prod_smoke, runbook
from fixtures.neon import Compared

pytestmark = [runbook("TEN-1")]

SCOPES = [
    pytest.param(("sample", "reachable"), id="sample", marks=[critical, pre_deploy, prod_smoke]),
    pytest.param(("all", "reachable"), id="all", marks=[high, drill]),
]


@pytest.mark.parametrize("tenant_branches", SCOPES, indirect=True)
def test_computes_enabled(tenant_branches: Compared) -> None:
    """The default branch of each project looked at is ready, and has a compute that wakes when it is connected to.

    Means:   these customers cannot connect: no connection wakes a compute that is disabled, or is not there.
    Confirm: neon branches list --project-id <project>; neon api /projects/<project>/endpoints
    Contain: tell the organizations that are named.
    Fix:     in the project's console: Branches > main > Computes: enable it, or add one. A quota that is used up is
             raised where the provisioner set it. While a branch is reset or restored, wait:
             neon operations list --project-id <project>. A tenant that is put to rest on purpose has a state of
             [tenant_databases] parked. Tomorrow's sample is another: look again with [neon] sample = <more>, or at
             all projects with pytest -m drill.
    """
    seen = tenant_branches
    if seen.count:
        said = f"{seen.count} of {seen.looked_at} looked at, of {seen.projects} in all: {seen.first[0].said}"
        raise Finding(said, seen.first, not_seen=list(seen.unseen))
