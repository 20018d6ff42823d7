import pytest

from checks import Finding, critical, drill, high, pre_deploy, prod_smoke, runbook
from fixtures.neon import Compared

pytestmark = [runbook("TEN-3")]

SMOKE = [pre_deploy, prod_smoke]
KINDS = [
    pytest.param(("sample", "host"), id="host-sample", marks=[critical, *SMOKE]),
    pytest.param(("sample", "protected"), id="protected-sample", marks=[high, *SMOKE]),
    pytest.param(("all", "host"), id="host-all", marks=[critical, drill]),
    pytest.param(("all", "protected"), id="protected-all", marks=[high, drill]),
]


@pytest.mark.parametrize("tenant_branches", KINDS, indirect=True)
def test_branches_as_written(tenant_branches: Compared) -> None:
    """The default branch of each project looked at is served at the host written down, and is protected.

    Means:   customers connect to a replica, or to another branch than the one that is theirs; or a script that deletes
             branches can delete this one.
    Confirm: neon branches list --project-id <project>; neon api /projects/<project>/endpoints
    Contain: find out what was written at the wrong host, and to whom it was shown, before it is corrected.
    Fix:     where the host moved, correct the row. Protect the branch in the project's console (Branches > main >
             Set as protected), or declare [neon] protected = false. Tomorrow's sample is another: look
             again with [neon] sample = <more>, or at all projects with pytest -m drill.
    """
    seen = tenant_branches
    if seen.count:
        said = f"{seen.count} of {seen.looked_at} looked at, of {seen.projects} in all: {seen.first[0].said}"
        raise Finding(said, seen.first, not_seen=list(seen.unseen))
