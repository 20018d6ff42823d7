from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.events import Rendered, Written

pytestmark = [high, runbook("PAY-1"), pre_deploy, prod_smoke]


def test_api_version_of_endpoint(written_versions: tuple[Written, ...], rendered: tuple[Rendered, ...]) -> None:
    """The webhook endpoint is sent events in the version of Stripe's API for which the handler was written.

    Means:   fields are not where the handler looks: since 2025-03-31.basil a subscription's current_period_end is on
             its items, for instance, and a handler that looks elsewhere writes null.
    Confirm: stripe webhook_endpoints retrieve <we_…> --live
    Contain: look whether rows written since the last change of either miss something.
    Fix:     an endpoint keeps its version, so make another one, and give the handler its secret beside the old one's:
             stripe webhook_endpoints create --url=<address> --api-version=<version> --enabled-events=<type> --live
             Then disable the old one. Without a version of its own the account's default counts.
    """
    spoken = {one.version for one in written_versions}
    other = [one for one in rendered if {one.version} != spoken]
    if other:
        said = "; ".join(f"{one.endpoint} is sent {one.version} ({one.why})" for one in other)
        raise Finding(f"the handler is written for {' and '.join(sorted(spoken))}; {said}", other)
