"""What belongs to every answer: the key, the limit, the version, `expand[]`, and the headers."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sandbox.services.refusal import Refusal
from sandbox.services.stripe.access import Keys
from sandbox.services.stripe.account import Account
from sandbox.services.stripe.asked import Asked, asked, texts
from sandbox.services.stripe.errors import refused, too_many
from sandbox.services.stripe.expanding import expanded, tree
from sandbox.services.stripe.versions import as_of, checked

Call = Callable[[Request, Asked], Awaitable[Any]]
"""Gives the object or the list that is answered; raises Refusal."""


class Answering:
    """Wraps calls as endpoints of Starlette's."""

    def __init__(self, account: Account, keys: Keys) -> None:
        self._account, self._keys = account, keys

    def call(self, called: Call) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint for a call."""

        async def answer(request: Request) -> Response:
            headers = {"request-id": f"req_{secrets.token_urlsafe(10).replace('-', 'A').replace('_', 'B')}"}
            try:
                self._keys.admit(request)
                if not self._account.limits.admit():
                    raise too_many()
                headers["stripe-version"] = self._version(request)
                status, body = 200, await self._said(called, request, headers["stripe-version"])
            except Refusal as refusal:
                status, body = refusal.status, refusal.body
                headers |= refusal.headers or {}
            return json(body, status, headers)

        return answer

    async def _said(self, called: Call, request: Request, version: str) -> Any:
        given = await asked(request)
        wanted = tree(texts(given.get("expand")))
        said = self._account.shown(await called(request, given))
        return as_of(version, expanded(said, wanted, self._account.books))

    def _version(self, request: Request) -> str:
        if "stripe-account" in request.headers:
            raise refused(403, "Only Stripe Connect platforms can work with other accounts.", code="account_invalid")
        return checked(request.headers.get("stripe-version"), self._account.state["default_api_version"])


def json(body: object, status: int, headers: Mapping[str, str]) -> Response:
    """As Stripe writes it; quicker than the standard library, since pages of a large account are long."""
    return Response(msgspec.json.encode(body), status, {**headers, "content-type": "application/json"})
