from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.management import SigningKey

pytestmark = [critical, runbook("SEC-2"), pre_deploy, prod_smoke]


def test_signing_keys_published(signing_keys: tuple[SigningKey, ...], key_set: tuple[str, ...]) -> None:
    """The project's key set has the key that signs, unless that is HS256, and none that was revoked.

    Means:   tokens of people who are signed in are refused; or tokens are taken that a stolen key has signed.
    Confirm: curl --fail-with-body "$SUPABASE_URL/auth/v1/.well-known/jwks.json", beside Settings > JWT Keys
    Contain: after a rotation wait ten minutes: so long the edge keeps the key set that it has.
    Fix:     compare $SUPABASE_URL with the project's ref: they may be two projects. Revoke the key again under
             Settings > JWT Keys; https://supabase.com/dashboard/support with its id.
    """
    hidden = [key for key in signing_keys if key.status == "in_use" and key.algorithm != "HS256"]
    hidden = [key for key in hidden if key.id not in key_set]
    revoked = [key for key in signing_keys if key.status == "revoked" and key.id in key_set]
    if hidden:
        raise Finding("signs, and is not published", hidden, published=list(key_set))
    if revoked:
        raise Finding("revoked, and still published", revoked, published=list(key_set))
