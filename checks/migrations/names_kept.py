import pytest

from checks import Finding, high, migrations_lane, pre_deploy, runbook
from fixtures.lint import Flaw

pytestmark = [high, runbook("MIG-7"), pre_deploy, migrations_lane]

CASES = [pytest.param(f"names_kept[{rule}]", id=rule) for rule in ("renamed", "removed")]


@pytest.mark.parametrize("flaws", CASES, indirect=True)
def test_names_kept(flaws: tuple[Flaw, ...]) -> None:
    """What the running release may call is still there under its name, with its arguments.

    Means:   between the migration and the deploy, and after a rollback, the application asks for what is not there.
    Confirm: git grep -n '<the name>' <the commit that is deployed>
    Contain: do not deploy. Once it is applied: put a view, or a function, of the old name in its place.
    Fix:     first a migration that adds the new name beside the old one, then a release that uses it, then a
             migration that drops the old one, with a comment before the statement:
             -- seatrial: accepts <subject> because <no release uses it since …>
    """
    if flaws:
        raise Finding("; ".join(flaw.says for flaw in flaws[:3]), flaws)
