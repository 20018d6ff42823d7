import pytest

from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.leaks import Scanned

pytestmark = [critical, runbook("SEC-1")]

PLACES = [
    pytest.param("served", id="served", marks=[prod_smoke]),
    pytest.param("built", id="built", marks=[pre_deploy]),
    pytest.param("tracked", id="tracked", marks=[pre_deploy]),
    pytest.param("migrations", id="migrations", marks=[pre_deploy]),
    pytest.param("functions", id="functions", marks=[pre_deploy]),
    pytest.param("database", id="database", marks=[pre_deploy, prod_smoke]),
    pytest.param("jobs", id="jobs", marks=[pre_deploy, prod_smoke]),
]


@pytest.mark.parametrize("scanned", PLACES, indirect=True)
def test_no_secrets(scanned: Scanned) -> None:
    """No secret is where others read it: in the bundle, the repository, migrations, functions, database or jobs.

    Means:   whoever reads it acts as the application: sees every customer's rows, takes payments, deploys.
    Confirm: open the named file at the named line and column; the fingerprint is: printf %s "$VALUE" | sha256sum
    Contain: make a new secret first, give it to what uses it, then revoke this one at its vendor, now: git, browsers
             and caches keep what was published. Then look at the vendor's log for others who used it.
    Fix:     read it from the environment (Deno.env.get, Vercel's variables without VITE_ or NEXT_PUBLIC_; in the
             database from Vault: select decrypted_secret from vault.decrypted_secrets), and deploy again.
    """
    if scanned.leaks:
        first = scanned.leaks[0]
        place = f"{first.where}:{first.at[0]}" if first.at else first.where
        raise Finding(f"{first.kind} at {place} ({first.says})", scanned.leaks, texts=scanned.texts)
