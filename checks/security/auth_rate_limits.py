import pytest

from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.authentication import RateLimit

pytestmark = [high, runbook("SEC-4"), pre_deploy, prod_smoke]

LIMITS = ["anonymous_users", "email_sent", "otp", "sms_sent", "token_refresh", "verify", "web3"]


@pytest.mark.parametrize("rate_limit", LIMITS, indirect=True)
def test_auth_rate_limits(rate_limit: RateLimit) -> None:
    """Authentication limits how often one may try, wherever a way in is open.

    Means:   passwords and codes can be guessed, mails and text messages are sent at our expense and in our name.
    Confirm: curl --fail-with-body --header "Authorization: Bearer $SUPABASE_ACCESS_TOKEN" \\
             "https://api.supabase.com/v1/projects/$SUPABASE_PROJECT_REF/config/auth" \\
             | jq 'with_entries(select(.key | startswith("rate_limit_")))'
    Contain: Authentication > Rate Limits in the dashboard: set it to what it was (docs: guides/auth/rate-limits).
    Fix:     the same, and a captcha before sign-in. A limit that has to be higher: [authentication] rate_limits.
    """
    if not rate_limit.used:
        return
    if not rate_limit.value:
        raise Finding("no limit is configured", [rate_limit])
    if rate_limit.value > rate_limit.most:
        raise Finding(f"{rate_limit.value} limits nobody: at the most {rate_limit.most}", [rate_limit])
