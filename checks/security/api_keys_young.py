from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.management import ApiKey

pytestmark = [high, runbook("SEC-2"), pre_deploy, prod_smoke]


def test_api_keys_young(dated_keys: tuple[ApiKey, ...], oldest_key_days: int) -> None:
    """Secret API keys are young enough.

    Means:   who ever held the key, in a laptop, a log, a former job, still has all rows of all customers.
    Confirm: supabase projects api-keys --remote="$SUPABASE_PROJECT_REF"; their ages are under Settings > API Keys
    Contain: the key before last that nobody uses any more can go at once.
    Fix:     Settings > API Keys: create a new secret key, put it where the old one is, deploy, watch the old one's last
             use, delete it. No user is signed out by that.
    """
    old = [key for key in dated_keys if key.days is not None and key.days > oldest_key_days]
    if old:
        raise Finding(f"older than {oldest_key_days} days", old)
