"""Who asks: Stripe's secret and restricted keys, in a bearer token or as the user of basic authentication."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request

from sandbox.services.stripe.errors import forbidden, unauthorized
from sandbox.services.stripe.permissions import needed


@dataclass(frozen=True)
class Keys:
    """The keys of one account. The secret key may do everything; a restricted one what `permissions` say."""

    announced: str = field(repr=False)
    secret: str = field(repr=False)
    account: str
    permissions: Mapping[str, bool]
    wording: str = ""
    """How a missing one is named, see `errors.forbidden`."""

    def admit(self, request: Request) -> None:
        """Raises Refusal: 401 for a key that is none, 403 for one that lacks the permission."""
        key = given_key(request)
        if not any(secrets.compare_digest(key.encode(), known.encode()) for known in (self.announced, self.secret)):
            raise unauthorized(key)
        self._check(key, needed(request.method, request.url.path))

    def may_read(self, request: Request, kind: str) -> None:
        """Raises Refusal when the key of a request may not read a kind: `expand[]` reads it."""
        self._check(given_key(request), needed("GET", f"/v1/{kind}"))

    def _check(self, key: str, permission: tuple[str, str]) -> None:
        if key.startswith("rk_") and not self._granted(permission[1]):
            raise forbidden(key, self.account, permission, self.wording)

    def _granted(self, name: str) -> bool:
        """Who may write a resource may read it."""
        return any(self.permissions.get(each, False) for each in (name, name.replace("_read", "_write")))


def given_key(request: Request) -> str:
    """The key of a request; empty for none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(token, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return token.strip() if scheme.lower() == "bearer" else ""
