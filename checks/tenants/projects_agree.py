import pytest

from checks import Finding, critical, high, low, pre_deploy, prod_smoke, runbook
from fixtures.neon import Compared

pytestmark = [runbook("TEN-3", "DR-5"), pre_deploy, prod_smoke]

KINDS = [
    pytest.param("no-project", id="no-project-lost", marks=[critical]),
    pytest.param("no-row", id="no-row-lost", marks=[high]),
    pytest.param("shared", id="none-shared", marks=[critical]),
    pytest.param("region", id="region", marks=[high]),
    pytest.param("host", id="host", marks=[critical]),
    pytest.param("version", id="version", marks=[low]),
]


@pytest.mark.parametrize("tenants_compared", KINDS, indirect=True)
def test_projects_agree(tenants_compared: Compared) -> None:
    """Tenants and Neon projects agree both ways: each has the other, for itself alone, in the region and version said.

    Means:   a tenant without its project has lost its data; a project without a row is paid for, and keeps the data of
             somebody who may have left; two tenants in one database see each other.
    Confirm: neon projects list --org-id "$NEON_ORG_ID", then what is written down for the organization that is named:
             as a login that sees all rows: select * from public.organization_databases
    Contain: a project that can be recovered is, first of all: neon projects recover <project>. A row's host leads
             customers wherever it points: stop writing to one that is shared or another's.
    Fix:     correct the row, or give the order to provision again. A project without a row is somebody else's
             ([neon] ignore = ["…"], or named = ["tenant-*"]), or is deleted once its data are not needed.
    """
    seen = tenants_compared
    if seen.count:
        evidence = {"rows": seen.rows, "projects": seen.projects, "ignored": seen.ignored, "organization": seen.org}
        raise Finding(f"{seen.count} do not agree, the first: {seen.first[0].said}", seen.first, **evidence)
