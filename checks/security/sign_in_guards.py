import pytest

from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.authentication import Guard

pytestmark = [high, runbook("SEC-4"), pre_deploy, prod_smoke]


@pytest.mark.parametrize("sign_in_guard", ["captcha", "password-length", "leaked-passwords", "mfa"], indirect=True)
def test_sign_in_guards(sign_in_guard: Guard) -> None:
    """Signing in demands what is declared: captcha, length of passwords, none that leaked, second factors.

    Means:   accounts are taken over with passwords that were guessed or leaked elsewhere. A captcha that the
             application does not know of, or of another provider: nobody can sign in.
    Confirm: curl --fail-with-body --header "Authorization: Bearer $SUPABASE_ACCESS_TOKEN" \\
             "https://api.supabase.com/v1/projects/$SUPABASE_PROJECT_REF/config/auth" \\
             | jq '{password_min_length, password_hibp_enabled, security_captcha_enabled, mfa_totp_enroll_enabled}'
    Contain: lower the rate limits until it is mended.
    Fix:     Authentication > Attack Protection, Sign In / Providers, Multi-Factor in the dashboard; or declare what is
             wanted under [authentication]: captcha, password_length, leaked_passwords, mfa.
    """
    if not sign_in_guard.enough:
        raise Finding(f"{sign_in_guard.found or 'none'}, and declared is {sign_in_guard.declared}", [sign_in_guard])
