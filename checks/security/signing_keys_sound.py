import pytest

from checks import Finding, critical, high, low, pre_deploy, prod_smoke, runbook
from fixtures.management import SigningKey

pytestmark = [runbook("SEC-2"), pre_deploy, prod_smoke]

RULES = [
    pytest.param("one-in-use", marks=[critical]),
    pytest.param("young", marks=[high]),
    pytest.param("standby", marks=[low]),
]


@pytest.mark.parametrize("rule", RULES)
def test_signing_keys_sound(signing_keys: tuple[SigningKey, ...], oldest_key_days: int, rule: str) -> None:
    """One key signs access tokens, it is young enough, and the next one stands by.

    Means:   one-in-use: nobody knows which tokens are taken. young, standby: when the key leaks, there is none to
             change to without signing everybody out.
    Confirm: curl --fail-with-body --header "Authorization: Bearer $SUPABASE_ACCESS_TOKEN" \\
             "https://api.supabase.com/v1/projects/$SUPABASE_PROJECT_REF/config/auth/signing-keys"
    Contain: a key that is no longer trusted: rotate to the one that stands by, then revoke it.
    Fix:     Settings > JWT Keys: create a standby key, wait ten minutes (the edge keeps the key set so long), rotate,
             wait for the tokens' lifetime and a quarter of an hour, revoke (docs: guides/auth/signing-keys).
    """
    in_use = [key for key in signing_keys if key.status == "in_use"]
    old = [key for key in in_use if key.days > oldest_key_days]
    if rule == "one-in-use" and len(in_use) != 1:
        raise Finding(f"{len(in_use)} keys are in use", in_use or signing_keys)
    if rule == "young" and old:
        raise Finding(f"older than {oldest_key_days} days", old)
    if rule == "standby" and not any(key.status == "standby" for key in signing_keys):
        raise Finding("no key stands by", in_use or signing_keys)
