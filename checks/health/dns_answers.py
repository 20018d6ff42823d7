from checks import Finding, critical, prod_smoke, runbook
from fixtures.site import Name

pytestmark = [critical, runbook("HLTH-2"), prod_smoke]


def test_dns_answers(public_names: tuple[Name, ...]) -> None:
    """Each public name of the application has an address, asked of a public resolver.

    Means:   customers cannot reach the site at all; mail and webhooks to this name fail too.
    Confirm: dig +short <name>; dig +short NS <domain>; whois <domain> tells when it expires.
    Contain: share an address that works, such as the deployment's own at vercel.app.
    Fix:     put the record back (vercel domains inspect <domain> shows the wanted one), or renew the domain.
    """
    lost = [name for name in public_names if not name.addresses]
    if lost:
        why = ", ".join(f"{name.name} {'has no address' if name.exists else 'does not exist'}" for name in lost)
        raise Finding(why, lost)
