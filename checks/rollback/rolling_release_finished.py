from checks import Finding, low, pre_deploy, prod_smoke, runbook
from fixtures.vercel import RollingRelease

pytestmark = [low, runbook("ROLL-2"), pre_deploy, prod_smoke]


def test_rolling_release_finished(rolling_release: RollingRelease | None) -> None:
    """No rolling release is under way.

    Means:   some customers get one release and some another; a new promotion would wait behind it.
    Confirm: vercel rolling-release fetch --project <name>
    Contain: vercel rolling-release abort --dpl=<canary>, when the canary is the broken one.
    Fix:     vercel rolling-release complete --dpl=<canary>, when it is well.
    """
    if rolling_release is not None:
        raise Finding("a rolling release is under way", [rolling_release])
