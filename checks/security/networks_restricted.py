from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.management import NetworkRestrictions

pytestmark = [high, runbook("SEC-4"), pre_deploy, prod_smoke]


def test_networks_restricted(network_restrictions: NetworkRestrictions) -> None:
    """The networks that may connect to the database are those that are declared.

    Means:   whoever gets hold of a password can use it from anywhere; or we ourselves cannot connect.
    Confirm: supabase network-restrictions get --remote="$SUPABASE_PROJECT_REF"
    Contain: rotate the password when it may be known to others.
    Fix:     Database > Settings > Network Restrictions in the dashboard, for IPv4 and IPv6, each with its own list.
             If it was meant: networks under [management] in the environment file.
    """
    if network_restrictions.strangers:
        raise Finding(f"may connect: {', '.join(network_restrictions.strangers)}", [network_restrictions])
    if network_restrictions.shut_out:
        raise Finding(f"may not connect: {', '.join(network_restrictions.shut_out)}", [network_restrictions])
    if network_restrictions.pending:
        raise Finding("the restrictions are stored, and not applied", [network_restrictions])
