"""What belongs to every answer: the key, the limits, the version, `expand[]`, idempotency, and the headers."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sandbox.services.refusal import Refusal
from sandbox.services.stripe.access import Keys
from sandbox.services.stripe.account import Account
from sandbox.services.stripe.asked import Asked, asked, texts
from sandbox.services.stripe.deliveries import Deliveries
from sandbox.services.stripe.errors import refused, too_many
from sandbox.services.stripe.expanding import Expanding, tree
from sandbox.services.stripe.idempotency import Replays
from sandbox.services.stripe.versions import as_of, checked

Call = Callable[[Request, Asked], Awaitable[Any]]
"""Gives the object or the list that is answered; raises Refusal."""
Calls = Mapping[str, Call]
"""Method -> call."""
ECHOED: Final = "idempotency-key"


class Answering:
    """Wraps calls as endpoints of Starlette's."""

    def __init__(self, account: Account, keys: Keys, deliveries: Deliveries) -> None:
        self._account, self._keys, self._deliveries = account, keys, deliveries
        self._replays = Replays()

    def endpoint(self, name: str, calls: Calls) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint for a path; `name` is what its requests are counted as."""

        async def answer(request: Request) -> Response:
            request.state.id = f"req_{secrets.token_hex(7)}"
            try:
                return await self._admitted(request, name, calls["GET" if request.method == "HEAD" else request.method])
            except Refusal as refusal:
                return self._refusal(request, refusal)

        return answer

    async def _admitted(self, request: Request, name: str, call: Call) -> Response:
        self._keys.admit(request)
        over = self._account.limits.refusal(f"{request.method} {name}")
        if over:
            raise too_many(over)
        version = self._version(request)
        given = await asked(request)
        kept = self._replays.begin(request, given)
        if kept is not None:
            return kept
        answer = await self._carried_out(request, given, version, call)
        self._replays.end(request, answer)
        self._deliveries.send(request)
        return answer

    async def _carried_out(self, request: Request, given: Asked, version: str, call: Call) -> Response:
        try:
            wanted = tree(texts(given.get("expand")))
            if request.method != "GET":
                await asyncio.sleep(float(self._account.state["write_seconds"]))
            said = self._account.shown(await call(request, given))
            expanding = Expanding(self._account.books, partial(self._keys.may_read, request))
            body = as_of(version, expanding.expanded(said, wanted))
        except Refusal as refusal:
            return self._refusal(request, refusal)
        return json(body, 200, {**self._headers(request), "stripe-version": version})

    def _version(self, request: Request) -> str:
        if "stripe-account" in request.headers:
            raise refused(403, "Only Stripe Connect platforms can work with other accounts.", code="account_invalid")
        return checked(request.headers.get("stripe-version"), self._account.state["default_api_version"])

    def _refusal(self, request: Request, refusal: Refusal) -> Response:
        return json(refusal.body, refusal.status, {**self._headers(request), **(refusal.headers or {})})

    def _headers(self, request: Request) -> dict[str, str]:
        echoed = {ECHOED: request.headers[ECHOED]} if ECHOED in request.headers else {}
        return {"request-id": request.state.id, **echoed}


def json(body: object, status: int, headers: Mapping[str, str]) -> Response:
    """As Stripe writes it; quicker than the standard library, since pages of a large account are long."""
    return Response(msgspec.json.encode(body), status, {**headers, "content-type": "application/json"})
