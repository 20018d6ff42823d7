"""Access tokens of signed-in users, signed as the project does it."""

import time
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request

from sandbox.services.refusal import Refusal
from sandbox.services.supabase.signing import Signing

LIFETIME_SECONDS: Final = 3600
AUDIENCE: Final = "authenticated"


class InvalidToken(Exception):
    """The token does not verify. `expired` tells a token that is only too old."""

    def __init__(self, reason: str, *, expired: bool) -> None:
        super().__init__(reason)
        self.expired = expired


def bearer_token(request: Request) -> str | None:
    """The token of `Authorization: Bearer …`, if there is one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def signed_token(claims: Mapping[str, Any], signing: Signing) -> str:
    """A token with these claims, valid for an hour from now."""
    now = int(time.time())
    return signing.signed({"aud": AUDIENCE, "iat": now, "exp": now + LIFETIME_SECONDS, **claims})


def verified(token: str, signing: Signing, **checks: Any) -> dict[str, Any]:
    """The claims of a token whose signature and lifetime are right, and its audience if asked for by `checks`.

    Raises InvalidToken.
    """
    import jwt  # here, because most starts of the sandbox never sign anybody in

    try:
        return signing.verified(token, **(checks or {"options": {"verify_aud": False}}))
    except jwt.ExpiredSignatureError as error:
        raise InvalidToken("JWT expired", expired=True) from error
    except jwt.InvalidTokenError as error:
        raise InvalidToken(str(error), expired=False) from error


def claims_of(token: str, signing: Signing) -> dict[str, Any]:
    """Like `verified`, refusing as PostgREST does: 401 with PGRST303 (lifetime) or PGRST301 (all else)."""
    try:
        return verified(token, signing)
    except InvalidToken as error:
        code, message = ("PGRST303", "JWT expired") if error.expired else ("PGRST301", f"Invalid JWT: {error}")
        challenge = {"www-authenticate": f'Bearer error="invalid_token", error_description="{message}"'}
        raise Refusal(401, {"code": code, "details": None, "hint": None, "message": message}, challenge) from error
