import pytest

from checks import Finding, high, pre_deploy, runbook
from fixtures.contract import PreviousRelease

pytestmark = [high, runbook("ROLL-3"), pre_deploy]


@pytest.mark.parametrize("restored_release", ["statements", "functions", "tables"], indirect=True)
def test_rollback_compatible(restored_release: PreviousRelease) -> None:
    """What the release that a rollback would restore asks of the database works with every migration applied since.

    Means:   going back is no way out: the former release gets errors from the database, because a rollback on Vercel
             changes what is served and takes no migration back.
    Confirm: git diff --stat <its commit> HEAD -- supabase/migrations
             psql <a copy of the database> --command "begin; set local role <role>; <statement>"
    Contain: in an outage mend forward, or go back to no further than the newest of these migrations.
    Fix:     make the old name anew, as a view, a column or a function, in a new migration; `mend` says how for each.
             From now on expand, release, wait until nobody would go back, and only then contract.
    """
    broken = restored_release.broken
    if broken:
        one = broken[0]
        by = f", by {one.path}:{one.line}" if one.path else ""
        more = f"; and {len(broken) - 1} more" if len(broken) > 1 else ""
        message = f"{restored_release.known_by} breaks: {one.name}: {one.says}{by}; instead: {one.mend}{more}"
        raise Finding(message, broken, since=list(restored_release.pending))
