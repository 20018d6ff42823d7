import pytest

from checks import Finding, critical, high, pre_deploy, prod_smoke, runbook
from fixtures.authentication import AuthFlaw

pytestmark = [runbook("AUTH-8"), pre_deploy, prod_smoke]

RULES = [
    pytest.param("sign-up", marks=[high]),
    pytest.param("auto-confirm", marks=[critical]),
    pytest.param("site-url", marks=[high]),
    pytest.param("redirects", marks=[critical]),
]


@pytest.mark.parametrize("rule", RULES)
def test_auth_as_declared(auth_flaws: tuple[AuthFlaw, ...], rule: str) -> None:
    """Authentication is configured as the environment declares.

    Means:   auto-confirm: anybody has an account in the name of any address. redirects: a link that looks like ours
             hands the session to somebody else. sign-up: nobody, or everybody, gets in. site-url: mails lead nowhere.
    Confirm: curl --fail-with-body --header "Authorization: Bearer $SUPABASE_ACCESS_TOKEN" \\
             "https://api.supabase.com/v1/projects/$SUPABASE_PROJECT_REF/config/auth" | jq '{site_url, uri_allow_list}'
    Contain: take the pattern out, or switch the setting back, under Authentication in the dashboard: at once in effect.
    Fix:     the same, and in the file that supabase config push sends, so that it does not come back. If it was meant:
             auto_confirm, sign_up, site_url or redirects under [authentication] in the environment file.
    """
    found = [flaw for flaw in auth_flaws if flaw.rule == rule]
    if found:
        raise Finding(found[0].says, found)
