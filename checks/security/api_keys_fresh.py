import pytest

from checks import Finding, critical, high, pre_deploy, prod_smoke, runbook
from fixtures.management import ApiKey

pytestmark = [runbook("SEC-2"), pre_deploy, prod_smoke]

RULES = [pytest.param("young", marks=[high]), pytest.param("ours-alone", marks=[critical])]


@pytest.mark.parametrize("rule", RULES)
def test_api_keys_fresh(project_api_keys: tuple[ApiKey, ...], oldest_key_days: int, rule: str) -> None:
    """Secret API keys are young enough, and no key is one that every local stack has.

    Means:   young: who ever held the key, in a laptop, a log, a former job, still has all rows of all customers.
             ours-alone: everybody has it, from the source of the Supabase CLI.
    Confirm: supabase projects api-keys --project-ref "$SUPABASE_PROJECT_REF"
    Contain: ours-alone: delete that key now, then find out who used it: edge logs, by apikey prefix.
    Fix:     Settings > API Keys in the dashboard: create a new secret key, put it where the old one is, deploy, watch
             the old one's last use, delete it. No user is signed out by that.
    """
    found = {
        "young": [key for key in project_api_keys if key.kind == "secret" and (key.days or 0) > oldest_key_days],
        "ours-alone": [key for key in project_api_keys if key.local],
    }[rule]
    if found:
        says = {"young": f"older than {oldest_key_days} days", "ours-alone": "the key of every local stack"}
        raise Finding(says[rule], found)
