from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.management import ApiKey

pytestmark = [critical, runbook("SEC-2"), pre_deploy, prod_smoke]


def test_api_keys_ours(recognizable_keys: tuple[ApiKey, ...]) -> None:
    """No API key of the project is one that every local stack has.

    Means:   everybody has it, from the source of the Supabase CLI, and with it all rows of all customers.
    Confirm: supabase projects api-keys --remote="$SUPABASE_PROJECT_REF"; beside what supabase status says locally
    Contain: delete that key now: Settings > API Keys.
    Fix:     create another, put it where that one was, deploy; then find in the edge logs who else used it.
    """
    known = [key for key in recognizable_keys if key.local]
    if known:
        raise Finding("the key of every local stack", known)
