"""`/auth/v1`: sign-up, sign-in and the signed-in user, against the real auth tables, as GoTrue's role.

Errors are GoTrue's: `{"code": <status>, "error_code": "invalid_credentials", "msg": "…"}` and header x-sb-error-code.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.services.supabase.accounts import Account, Accounts
from sandbox.services.supabase.administration import administration_routes
from sandbox.services.supabase.auth_errors import refusal
from sandbox.services.supabase.keys import Keys
from sandbox.services.supabase.sessions import Sessions
from sandbox.services.supabase.signing import Signing
from sandbox.services.supabase.tokens import (
    AUDIENCE,
    LIFETIME_SECONDS,
    InvalidToken,
    bearer_token,
    signed_token,
    verified,
)
from sandbox.world import Databases, Secrets

HEALTH: Final = {"version": "v2.197.0", "name": "GoTrue", "description": "the sandbox's authentication server"}
MINIMUM_PASSWORD: Final = 6


def authentication_routes(
    secrets: Secrets, databases: Databases, signing: Signing, settings: Mapping[str, Any], mistake: str
) -> list[Route]:
    """Every path demands the header apikey, except the public key set. `settings` is what GET /settings answers,
    `mistake` the switch `sessions` (see `Sessions`).
    """
    keys, accounts = Keys(secrets, signing), Accounts(databases)
    sign_in = Authentication(signing, keys, accounts, Sessions(databases, mistake), settings)
    return [
        *administration_routes(keys, accounts),
        Route("/health", sign_in.health),
        Route("/settings", sign_in.settings),
        Route("/.well-known/jwks.json", sign_in.public_keys),
        Route("/signup", sign_in.sign_up, methods=["POST"]),
        Route("/token", sign_in.token, methods=["POST"]),
        Route("/user", sign_in.user),
    ]


class Authentication:
    """The handlers; each checks the gateway's key first."""

    def __init__(
        self, signing: Signing, keys: Keys, accounts: Accounts, sessions: Sessions, settings: Mapping[str, Any]
    ) -> None:
        self._settings = dict(settings)
        self._signing = signing
        self._keys = keys
        self._accounts = accounts
        self._sessions = sessions

    async def public_keys(self, request: Request) -> Response:
        """Empty where the project signs with HS256: symmetric keys are never published."""
        return JSONResponse({"keys": self._signing.public()}, headers={"cache-control": "public, max-age=600"})

    async def health(self, request: Request) -> Response:
        self._keys.role(request)
        return JSONResponse(HEALTH)

    async def settings(self, request: Request) -> Response:
        self._keys.role(request)
        return JSONResponse(self._settings)

    async def sign_up(self, request: Request) -> Response:
        self._keys.role(request)
        given = await _given(request)
        email, password = _text(given, "email").lower(), _text(given, "password")
        if "@" not in email:
            raise refusal(400, "validation_failed", "Unable to validate email address: invalid format")
        if len(password) < MINIMUM_PASSWORD:
            raise refusal(422, "weak_password", f"Password should be at least {MINIMUM_PASSWORD} characters.")
        metadata = given.get("data")
        account = await self._accounts.create(email, password, metadata if isinstance(metadata, dict) else {})
        return await self._session(account)

    async def token(self, request: Request) -> Response:
        self._keys.role(request)
        given, grant = await _given(request), request.query_params.get("grant_type")
        if grant == "password":
            return await self._session(await self._accounts.known(_text(given, "email"), _text(given, "password")))
        if grant == "refresh_token":
            account_id, session = await self._sessions.rotated(_text(given, "refresh_token"))
            return self._tokens(await self._accounts.by_id(account_id), *session)
        raise refusal(400, "validation_failed", "unsupported_grant_type")

    async def user(self, request: Request) -> Response:
        self._keys.role(request)
        token = bearer_token(request)
        if token is None:
            raise refusal(401, "no_authorization", "This endpoint requires a valid Bearer token")
        try:
            subject = str(verified(token, self._signing, audience=AUDIENCE).get("sub", ""))
        except InvalidToken as error:
            raise refusal(403, "bad_jwt", f"invalid JWT: unable to parse or verify signature, {error}") from error
        return JSONResponse((await self._accounts.by_id(subject)).shown())

    async def _session(self, account: Account) -> Response:
        return self._tokens(account, *await self._sessions.new(account.id))

    def _tokens(self, account: Account, session_id: str, refresh_token: str) -> Response:
        claims = {**account.claims(), "session_id": session_id, "aal": "aal1"}
        access_token = signed_token(claims, self._signing)
        expires_at = verified(access_token, self._signing)["exp"]
        lifetime = {"token_type": "bearer", "expires_in": LIFETIME_SECONDS, "expires_at": expires_at}
        tokens = {"access_token": access_token, "refresh_token": refresh_token}
        return JSONResponse({**tokens, **lifetime, "user": account.shown()})


async def _given(request: Request) -> dict[str, Any]:
    try:
        given = json.loads(await request.body())
    except ValueError as error:
        raise refusal(400, "bad_json", "Could not parse request body as JSON") from error
    if not isinstance(given, dict):
        raise refusal(400, "bad_json", "Could not parse request body as JSON: an object was expected")
    return given


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""
