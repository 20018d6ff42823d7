import pytest

from checks import Finding, high, low, prod_smoke, runbook
from fixtures.site import Protection

pytestmark = [runbook("HLTH-2"), prod_smoke]

KINDS = [
    pytest.param("hsts", id="hsts", marks=high),
    pytest.param("framing", id="framing", marks=high),
    pytest.param("content-type-options", id="content-type-options", marks=low),
    pytest.param("referrer-policy", id="referrer-policy", marks=low),
]


@pytest.mark.parametrize("kind", KINDS)
def test_headers_present(kind: str, protection: Protection) -> None:
    """The start page tells browsers what to refuse: plain HTTP, foreign frames, guessed types, leaking addresses.

    Means:   another site can frame ours and steal clicks, or an attacker on the way can take TLS out.
    Confirm: curl --head --fail "$OCEAN_URL/"
    Contain: nothing is broken by it today; do not add features that rely on the missing header.
    Fix:     add it under "headers" in vercel.json for the source "/(.*)", for instance
             Strict-Transport-Security: max-age=63072000; Content-Security-Policy: frame-ancestors 'none';
             X-Content-Type-Options: nosniff; Referrer-Policy: strict-origin-when-cross-origin
    """
    weakness = protection.weakness(kind)
    if weakness:
        raise Finding(weakness, [protection])
