import pytest

from checks import Finding, critical, prod_smoke, runbook
from fixtures.outsiders import Glimpse

pytestmark = [critical, runbook("RLS-4"), prod_smoke]


@pytest.mark.parametrize("glimpses", ["sql-anon", "sql-stranger", "rest-anon"], indirect=True)
def test_outsiders_see_nothing(glimpses: tuple[Glimpse, ...]) -> None:
    """People who belong to no tenant see no row of a relation that is not public.

    Means:   customers' rows are on the internet: for everybody (anon), or for everybody who signs up (stranger).
    Confirm: curl --head "$SUPABASE_URL/rest/v1/<table>?limit=1" --header "apikey: $SUPABASE_PUBLISHABLE_KEY"
             A Content-Range that begins with 0-0 is a row. This asks as anon; for a stranger (sql-stranger), who has
             signed up, add: --header "Authorization: Bearer $TOKEN", with the token of a new account.
    Contain: revoke select on <table> from anon, authenticated;   (the application then shows it to nobody either)
    Fix:     bind the table's policy to its tenant, in a migration: see policies_sound and tenants_apart. What is
             public on purpose is named under [application] public_tables in the environment file.
    """
    seen = [glimpse for glimpse in glimpses if glimpse.answer == "rows"]
    if seen:
        raise Finding(f"{seen[0].person} sees rows that are not public ({seen[0].road})", seen)
