from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.management import SslEnforcement

pytestmark = [high, runbook("SEC-4"), pre_deploy, prod_smoke]


def test_ssl_enforced(ssl_enforcement: SslEnforcement, ssl_declared: bool) -> None:
    """The database refuses connections without TLS, unless the environment declares otherwise.

    Means:   a program that connects without TLS sends everything so that the network in between can read and change it.
    Confirm: supabase ssl-enforcement get --remote="$SUPABASE_PROJECT_REF"
    Contain: add sslmode=verify-full to the connection strings that you know of.
    Fix:     Database > Settings > Enforce SSL in the dashboard; the database restarts once. Where it says that it was
             not applied: switch it off and on, then https://supabase.com/dashboard/support
    """
    if ssl_declared and not ssl_enforcement.enforced:
        raise Finding("connections without TLS are accepted", [ssl_enforcement])
    if ssl_declared and not ssl_enforcement.applied:
        raise Finding("is switched on, and the change was not applied", [ssl_enforcement])
