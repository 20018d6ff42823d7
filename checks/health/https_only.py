from checks import Finding, high, prod_smoke, runbook
from fixtures.site import Redirect

pytestmark = [high, runbook("HLTH-2"), prod_smoke]


def test_https_only(redirect: Redirect) -> None:
    """Who asks without TLS is sent to the same site with TLS, for good, and gets nothing else.

    Means:   anybody on the way reads and changes what visitors see, their sign-in included.
    Confirm: curl --head http://<host>/   (301 or 308, location: https://<host>/)
    Contain: HSTS already protects those who came before; tell nobody an http:// link.
    Fix:     Vercel redirects by itself; look at a proxy or a DNS record that leads past it: dig <host>
    """
    if redirect.to is None:
        raise Finding(f"answers {redirect.status} without TLS instead of leading to it", [redirect])
    if not redirect.secure or not redirect.same_site:
        raise Finding(f"leads to {redirect.to} instead of https://{redirect.hosts[-1]}/", [redirect])
    if not redirect.lasting:
        raise Finding(f"leads to https:// with {redirect.status}, which no browser remembers: use 308", [redirect])
