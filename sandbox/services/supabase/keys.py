"""The gateway's keys, opaque ones (`sb_publishable_…`, `sb_secret_…`) and legacy tokens; which role a request gets."""

import hmac
from typing import Final

from starlette.requests import Request

from sandbox.services.database import Caller
from sandbox.services.refusal import Refusal
from sandbox.services.supabase.legacy_keys import REF
from sandbox.services.supabase.signing import Signing
from sandbox.services.supabase.tokens import InvalidToken, bearer_token, claims_of, verified
from sandbox.world import Secrets

INVALID: Final = {"message": "Invalid API key", "hint": "Compare it with the project's API keys."}


class Keys:
    """Turns the headers `apikey` and `Authorization` into a role."""

    def __init__(self, secrets: Secrets, signing: Signing) -> None:
        self._secrets = secrets
        self._signing = signing

    def role(self, request: Request) -> str:
        """`anon` for the publishable key, `service_role` for the secret one, as it says itself for a legacy one.

        401 without a key that the gateway knows.
        """
        key = _api_key(request)
        if key is None:
            raise Refusal(401, {"message": "No API key found in request", "hint": "Send the header apikey."})
        if _same(key, self._secrets.publishable_key):
            return "anon"
        if key.count(".") == 2:
            return self._legacy_role(key)
        if not _same(key, self._secrets.secret_key):
            raise Refusal(401, INVALID)
        if "Mozilla/" in request.headers.get("user-agent", ""):
            raise Refusal(401, {"message": "Forbidden use of secret API key in browser", "hint": "Delete this key."})
        return "service_role"

    def caller(self, request: Request) -> Caller:
        """The key's role, or the role and claims of a signed-in user's token. 401 for a token that does not verify."""
        role, key, token = self.role(request), _api_key(request) or "", bearer_token(request)
        if token is None or _same(token, key):
            if key.count(".") != 2:
                return Caller(role, {"role": role})
            token = key  # a legacy key is a token itself, and PostgREST looks at its lifetime
        claims = claims_of(token, self._signing)
        return Caller(str(claims.get("role") or "anon"), claims)

    def _legacy_role(self, key: str) -> str:
        """The gateway knows its own keys by their text; how old they are, it does not ask."""
        try:
            claims = verified(key, self._signing, options={"verify_aud": False, "verify_exp": False})
        except InvalidToken as error:
            raise Refusal(401, INVALID) from error
        if claims.get("ref") != REF or claims.get("role") not in ("anon", "service_role"):
            raise Refusal(401, INVALID)
        return str(claims["role"])


def _api_key(request: Request) -> str | None:
    return request.headers.get("apikey") or request.query_params.get("apikey")


def _same(first: str, second: str) -> bool:
    return hmac.compare_digest(first.encode(), second.encode())
