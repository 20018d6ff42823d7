"""`/auth/v1/admin/users`: accounts as their owners manage them, with a secret key.

Source: supabase/auth, internal/api/admin.go; what is asked for is checked as there.
"""

import json
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.services.refusal import Refusal
from sandbox.services.supabase.accounts import Accounts
from sandbox.services.supabase.auth_errors import refusal
from sandbox.services.supabase.keys import Keys
from sandbox.services.supabase.tokens import bearer_token

MINIMUM_PASSWORD: Final = 6
MOST: Final = 1000


def administration_routes(keys: Keys, accounts: Accounts) -> list[Route]:
    """Listing, making and removing accounts."""
    owners = Administration(keys, accounts)
    return [
        Route("/admin/users", owners.listed, methods=["GET"]),
        Route("/admin/users", owners.made, methods=["POST"]),
        Route("/admin/users/{account_id}", owners.removed, methods=["DELETE"]),
    ]


class Administration:
    """The handlers; each demands a secret key, as apikey and as the bearer's token."""

    def __init__(self, keys: Keys, accounts: Accounts) -> None:
        self._keys = keys
        self._accounts = accounts

    async def listed(self, request: Request) -> Response:
        self._demand_owner(request)
        page, size = _number(request, "page", 1), min(_number(request, "per_page", 50), MOST)
        found, total = await self._accounts.newest(size, (page - 1) * size)
        users = [account.shown() for account in found]
        return JSONResponse({"users": users, "aud": "authenticated"}, headers={"x-total-count": str(total)})

    async def made(self, request: Request) -> Response:
        self._demand_owner(request)
        given = await _given(request)
        email, password = str(given.get("email") or "").lower(), str(given.get("password") or "")
        if "@" not in email:
            raise refusal(400, "validation_failed", "Unable to validate email address: invalid format")
        if len(password) < MINIMUM_PASSWORD:
            raise refusal(422, "weak_password", f"Password should be at least {MINIMUM_PASSWORD} characters.")
        metadata = given.get("user_metadata")
        try:
            account = await self._accounts.create(email, password, metadata if isinstance(metadata, dict) else {})
        except Refusal as refused:
            raise _as_for_owners(refused) from refused
        return JSONResponse(account.shown())

    async def removed(self, request: Request) -> Response:
        self._demand_owner(request)
        try:
            account_id = str(UUID(request.path_params["account_id"]))
        except ValueError as error:
            raise refusal(404, "validation_failed", "user_id must be an UUID") from error
        await self._accounts.delete(account_id)
        return JSONResponse({})

    def _demand_owner(self, request: Request) -> None:
        role = self._keys.role(request)
        if bearer_token(request) is None:
            raise refusal(401, "no_authorization", "This endpoint requires a valid Bearer token")
        if role != "service_role":
            raise refusal(403, "not_admin", "User not allowed")


def _as_for_owners(refused: Refusal) -> Refusal:
    """The same refusal in the words of this path."""
    if refused.status == 422:
        return refusal(422, "email_exists", "A user with this email address has already been registered")
    return refusal(refused.status, "unexpected_failure", "Database error creating new user")


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise refusal(400, "validation_failed", f"Bad Pagination Parameters: {name}")
    return int(text)


async def _given(request: Request) -> dict[str, Any]:
    try:
        given = json.loads(await request.body())
    except ValueError as error:
        raise refusal(400, "bad_json", "Could not decode admin user params") from error
    if not isinstance(given, dict):
        raise refusal(400, "bad_json", "Could not decode admin user params")
    return given
