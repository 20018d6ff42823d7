import pytest

from checks import Finding, critical, high, prod_smoke, runbook
from fixtures.site import Certificate

pytestmark = [runbook("HLTH-2"), prod_smoke]

PROPERTIES = [
    pytest.param("trusted", id="trusted", marks=critical),
    pytest.param("lasting", id="lasting", marks=high),
]


@pytest.mark.parametrize("property_", PROPERTIES)
def test_certificate_valid(property_: str, shown_certificate: Certificate) -> None:
    """The site's certificate convinces every browser, and will for some time.

    Means:   browsers turn visitors away with a full-page warning; with HSTS there is no way around it.
    Confirm: openssl s_client -connect <host>:443 -servername <host> -verify_return_error </dev/null
    Contain: point the domain to a deployment whose certificate is good: vercel alias set <deployment> <domain>
    Fix:     Vercel renews by itself, unless a CAA record or a proxy in front keeps it from doing so:
             vercel certs ls; dig CAA <domain>; then vercel certs issue <domain>
    """
    seen = shown_certificate
    if property_ == "trusted" and seen.refusal:
        raise Finding(f"browsers refuse the certificate: {seen.refusal}", [seen])
    if property_ == "lasting" and seen.days_left < seen.least_days:
        left = f"{seen.days_left:g} of at least {seen.least_days} days left"
        raise Finding(f"the certificate ends on {seen.ends:%Y-%m-%d}: {left}", [seen])
