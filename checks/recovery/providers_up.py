import pytest

from checks import Finding, high, prod_smoke, runbook
from fixtures.status import ORDER, Reported, Source

pytestmark = [high, runbook("DR-3"), prod_smoke]

PROVIDERS = [pytest.param(Source(name), id=name) for name in ("vercel", "supabase", "stripe", "neon")]


@pytest.mark.parametrize("reported", PROVIDERS, indirect=True)
def test_providers_up(reported: Reported) -> None:
    """The provider reports no major outage, and what we use of it works.

    Means:   what fails is not ours to mend; customers see it as ours.
    Confirm: read the page with your own eyes: vercel-status.com, status.supabase.com, status.stripe.com,
             neonstatus.com. What a page says can be late by half an hour, in both directions.
    Contain: tell customers, with a link to the page; do not deploy or restore anything while it lasts.
    Fix:     nothing here; when it is over, run pytest -m prod-smoke, and let what failed meanwhile run again.
    """
    feed = reported.feed
    if ORDER.index(feed.level) >= ORDER.index(reported.alarming):
        raise Finding(f"{feed.page} reports: {feed.described or feed.level} ({feed.level})", [feed])
    if feed.out:
        raise Finding(f"{feed.page} reports that {', '.join(feed.out)} does not work at all", [feed])
