"""The gateway's keys: opaque `sb_publishable_…` and `sb_secret_…`, and which database role a request gets."""

import hmac

from starlette.requests import Request

from sandbox.services.database import Caller
from sandbox.services.refusal import Refusal
from sandbox.services.supabase.tokens import bearer_token, claims_of
from sandbox.world import Secrets


class Keys:
    """Turns the headers `apikey` and `Authorization` into a role."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def role(self, request: Request) -> str:
        """`anon` for the publishable key, `service_role` for the secret one; 401 without a valid key."""
        key = _api_key(request)
        if key is None:
            raise Refusal(401, {"message": "No API key found in request", "hint": "Send the header apikey."})
        if _same(key, self._secrets.publishable_key):
            return "anon"
        if not _same(key, self._secrets.secret_key):
            raise Refusal(401, {"message": "Invalid API key", "hint": "Compare it with the project's API keys."})
        if "Mozilla/" in request.headers.get("user-agent", ""):
            raise Refusal(401, {"message": "Forbidden use of secret API key in browser", "hint": "Delete this key."})
        return "service_role"

    def caller(self, request: Request) -> Caller:
        """The key's role, or the role and claims of a signed-in user's token. 401 for a token that does not verify."""
        role, token = self.role(request), bearer_token(request)
        if token is None or _same(token, _api_key(request) or ""):
            return Caller(role, {"role": role})
        claims = claims_of(token, self._secrets.jwt_secret)
        return Caller(str(claims.get("role") or "anon"), claims)


def _api_key(request: Request) -> str | None:
    return request.headers.get("apikey") or request.query_params.get("apikey")


def _same(first: str, second: str) -> bool:
    return hmac.compare_digest(first.encode(), second.encode())
