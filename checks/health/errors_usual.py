from checks import Finding, high, prod_smoke, runbook
from fixtures.sentry import Rates

pytestmark = [high, runbook("ALRT-1"), prod_smoke]


def test_errors_usual(error_rates: Rates) -> None:
    """Since the release no more errors come in than before it.

    Means:   the release breaks something for customers, even where everything says that it is healthy.
    Confirm: Sentry > Issues, query "is:unresolved release:<version>", sorted by events; compare with the week before.
    Contain: vercel rollback <the deployment before>; then vercel rollback status
    Fix:     open the issue with the most events since the release: its stack trace and "suspect commits" name the
             change. Where the new rate is usual from now on, raise ratio under [sentry].
    """
    before, since = error_rates.before, error_rates.since
    if since.errors >= error_rates.least and since.per_minute > error_rates.ratio * before.per_minute:
        raise Finding(
            f"{since.errors} errors in {since.minutes:g} minutes: {since.per_minute:g} a minute, and "
            f"{before.per_minute:g} before (at most {error_rates.ratio:g} times as many are usual)",
            [error_rates],
        )
