import pytest

from checks import Finding, critical, high, pre_deploy, prod_smoke, runbook
from fixtures.neon import Compared

pytestmark = [runbook("TEN-3", "TEN-1"), pre_deploy, prod_smoke]

KINDS = [
    pytest.param("reachable", id="reachable", marks=[critical]),
    pytest.param("host", id="host", marks=[critical]),
    pytest.param("protected", id="protected", marks=[high]),
]


@pytest.mark.parametrize("tenant_branches", KINDS, indirect=True)
def test_branches_ready(tenant_branches: Compared) -> None:
    """The default branch of each project of today's sample has a compute at the host written down, and is protected.

    Means:   customers cannot connect, or connect to a replica or to another branch than the one that is theirs; or a
             script that deletes branches can delete this one.
    Confirm: neon branches list --project-id <project>, and with the path /projects/<project>/endpoints:
             curl --fail-with-body --header "Authorization: Bearer $NEON_API_KEY" "https://console.neon.tech/api/v2<path>"
    Contain: tell the organizations that are named while theirs cannot be reached.
    Fix:     in the project's console: enable the compute, or add one (Branches > main > Computes); protect the branch
             (Branches > main > Set as protected); where the host moved, correct the row. More a day: [neon] sample.
    """
    seen = tenant_branches
    if seen.count:
        said = f"{seen.count} of {seen.looked_at} looked at, of {seen.projects} in all: {seen.first[0].said}"
        raise Finding(said, seen.first, not_seen=list(seen.unseen))
