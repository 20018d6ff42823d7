from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.management import LegacyKeys

pytestmark = [high, runbook("SEC-2"), pre_deploy, prod_smoke]


def test_legacy_keys_off(legacy_keys: LegacyKeys) -> None:
    """The legacy API keys, anon and service_role, are switched off, or gone.

    Means:   a service_role token that leaked in any year opens everything for another ten, and cannot be taken back
             without signing everybody out. Supabase does away with these keys by the end of 2026.
    Confirm: curl --fail-with-body --header "Authorization: Bearer $SUPABASE_ACCESS_TOKEN" \\
             "https://api.supabase.com/v1/projects/$SUPABASE_PROJECT_REF/api-keys/legacy"
    Contain: find who still sends one: Settings > API Keys shows when each was used last.
    Fix:     put sb_publishable_… and sb_secret_… in their place, deploy, wait until they are used no more, then
             Settings > API Keys > Legacy > Disable. They can be enabled again if something was forgotten.
    """
    if legacy_keys.enabled:
        raise Finding("legacy keys are enabled", [legacy_keys])
