import pytest

from checks import Finding, critical, pre_deploy, runbook
from fixtures.needs import Published

pytestmark = [critical, runbook("DEP-3"), pre_deploy]


@pytest.mark.parametrize("published_secrets", ["vercel", "checkout"], indirect=True)
def test_variables_private(published_secrets: tuple[Published, ...]) -> None:
    """No variable that the build publishes (VITE_, NEXT_PUBLIC_, …) has the name of a secret.

    Means:   its value is in the files that every browser loads; whoever reads them has the secret.
    Confirm: vercel env ls; curl --silent --fail "$OCEAN_URL/assets/<chunk>.js" | grep --count <the first digits of it>
    Contain: take it for known to everybody: make a new one, deploy what uses it, revoke the old one.
    Fix:     vercel env rm <NAME> production; give it a name without the prefix, and read it on the server only; deploy
             again, because what was built keeps it. Vendors that call a public identifier a token: waive it by name.
    """
    if published_secrets:
        raise Finding("is published with every build, and is called a secret", published_secrets)
