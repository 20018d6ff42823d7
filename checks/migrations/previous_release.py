import pytest

from checks import Finding, critical, migrations_lane, pre_deploy, runbook
from fixtures.contract import PreviousRelease

pytestmark = [critical, runbook("MIG-7"), pre_deploy, migrations_lane]


@pytest.mark.parametrize("previous_release", ["statements", "functions", "tables"], indirect=True)
def test_previous_release(previous_release: PreviousRelease) -> None:
    """What the release that runs asks of the database still works when the pending migrations have run.

    Means:   between the migration and the deploy customers get errors, and going back to this release is no way out.
    Confirm: psql <a copy after the migrations> --command "begin; set local role <role>; <statement>"
    Contain: do not migrate. After it: deploy the new release at once, or make the old name anew as a view or function.
    Fix:     expand, then contract: add the new form beside the old one, release, and take the old one away in a later
             migration; `mend` says how for each. On purpose: a comment `-- seatrial: accepts <subject> because <why>`.
    """
    broken = previous_release.broken
    if broken:
        one = broken[0]
        by = f", by {one.path}:{one.line}" if one.path else ""
        more = f"; and {len(broken) - 1} more" if len(broken) > 1 else ""
        message = f"the release that runs breaks: {one.name}: {one.says}{by}; instead: {one.mend}{more}"
        raise Finding(message, broken, unlooked=[f"{each.place}: {each.why}" for each in previous_release.unlooked])
