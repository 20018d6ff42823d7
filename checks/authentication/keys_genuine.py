import pytest

from checks import Finding, critical, high, pre_deploy, prod_smoke, runbook
from fixtures.keys import Keyring, Rule

pytestmark = [runbook("AUTH-5"), pre_deploy, prod_smoke]

RULES = [
    pytest.param("read", "shape", id="shape", marks=[high]),
    pytest.param("read", "algorithm", id="algorithm", marks=[critical]),
    pytest.param("read", "expiry", id="expiry", marks=[critical]),
    pytest.param("read", "issuer", id="issuer", marks=[high]),
    pytest.param("project", "project", id="project", marks=[critical]),
    pytest.param("read", "role", id="role", marks=[critical]),
    pytest.param("read", "browser", id="browser", marks=[critical]),
    pytest.param("read", "local", id="local", marks=[critical]),
    pytest.param("signatures", "signature", id="signature", marks=[critical]),
    pytest.param("acceptance", "accepted", id="accepted", marks=[critical]),
]


@pytest.mark.parametrize(("keyring", "rule"), RULES, indirect=["keyring"])
def test_keys_genuine(keyring: Keyring, rule: Rule) -> None:
    """Every API key in use is what it claims to be: valid, this project's, of its role, and harmless in a browser.

    Means:   nobody gets in; or, where service_role reaches a browser or anybody can sign, everybody gets at everything.
    Confirm: curl --include --header "apikey: $KEY" "$SUPABASE_URL/rest/v1/no_such_table"   (401: refused; 404: fine)
             supabase projects api-keys --remote="$SUPABASE_PROJECT_REF"
             compare fingerprints, never print keys: printf %s "$KEY" | sha256sum
    Contain: refused or expired: put the project's current key in its place, deploy. Only where service_role or a secret
             key is in a browser: delete that key at once (Settings > API Keys), then deploy.
    Fix:     put the project's current key where the finding says, build and deploy again, since keys are built in. Move
             from legacy keys (anon, service_role) to sb_publishable_… and sb_secret_…, which are changed one by one.
    """
    if flaws := keyring.flaws(rule):
        said = "; ".join(f"{key.place} ({key.fingerprint}): {flaw}" for key, flaw in flaws)
        raise Finding(said, [key for key, _ in flaws])
