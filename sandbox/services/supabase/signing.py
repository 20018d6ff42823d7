"""How the project signs: HS256 with its JWT secret, or, once it has a published key, ES256 for its users' tokens.

Legacy API keys stay HS256 also then. Source: Supabase docs, guides/auth/signing-keys.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from sandbox.world import Secrets

KEY_ID: Final = "5a1d0c4e-0000-4000-8000-00000cea0001"


class Signing:
    """The project's own keys; `published` says whether it has an asymmetric one, and so signs with that."""

    def __init__(self, secrets: Secrets, *, published: bool) -> None:
        self._secrets = secrets
        self.published = published

    def public(self) -> list[dict[str, Any]]:
        """The published key set: symmetric keys are never in it."""
        if not self.published:
            return []
        from jwt.algorithms import ECAlgorithm

        public = json.loads(ECAlgorithm.to_jwk(self._private.public_key()))
        return [{**public, "kid": KEY_ID, "alg": "ES256", "use": "sig", "key_ops": ["verify"], "ext": True}]

    def signed(self, claims: Mapping[str, Any]) -> str:
        """A token of a user's, signed as the project does it now."""
        return signed_as(claims, "ES256", self._private) if self.published else hs256(claims, self._secrets.jwt_secret)

    def verified(self, token: str, **checks: Any) -> dict[str, Any]:
        """The claims of a token that this project signed; `checks` are PyJWT's. Raises jwt.InvalidTokenError."""
        import jwt

        asymmetric = self.published and jwt.get_unverified_header(token).get("alg") == "ES256"
        key = self._private.public_key() if asymmetric else self._secrets.jwt_secret
        claims: dict[str, Any] = jwt.decode(token, key, ["ES256" if asymmetric else "HS256"], **checks)
        return claims

    @cached_property
    def _private(self) -> Any:
        return private_key(self._secrets.jwt_secret)


def hs256(claims: Mapping[str, Any], secret: str) -> str:
    """A token signed with a secret; without PyJWT, whose import every start of the sandbox would wait for."""
    signed = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}"
    return f"{signed}.{_text(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def signed_as(claims: Mapping[str, Any], algorithm: str, key: Any) -> str:
    """A token signed with an asymmetric key that is said to be the project's."""
    import jwt

    return jwt.encode(dict(claims), key, algorithm, {"kid": KEY_ID})


def private_key(seed: str) -> Any:
    """A key of the curve P-256 that follows from a text, so that one start has one."""
    from cryptography.hazmat.primitives.asymmetric import ec

    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:31], "big") + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def part(value: Mapping[str, Any]) -> str:
    """A header or claims as a part of a token."""
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
