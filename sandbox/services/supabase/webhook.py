"""The Edge Function handle-stripe-webhook: verifies Stripe's signature, and has the event carried out once.

The Edge Function itself, in TypeScript, is in sandbox/ocean; see `functions.IN_DENO`.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.supabase.signatures import Rules, Signatures, Unverified
from sandbox.services.supabase.stripe_effects import Habits
from sandbox.services.supabase.stripe_events import StripeEvents
from sandbox.world import Databases, Secrets

LONGEST_BODY: Final = 256 * 1024
"""Bytes. Stripe says no limit; its events have a few KiB."""
FIELDS: Final = {"id": str, "type": str, "livemode": bool, "created": int}


@dataclass(frozen=True, kw_only=True)
class Handling:
    """How the handler deals with a delivery; the defaults are right."""

    rules: Rules = field(default_factory=Rules)
    habits: Habits = field(default_factory=Habits)
    refusal_status: int = 400
    accepts_everything: bool = False  # 200 before looking, "so that Stripe stops retrying"
    accepts_empty: bool = False  # an empty body is taken for a ping
    reads_body: bool = True  # False: 200 as soon as the header is accepted
    longest: int | None = LONGEST_BODY  # None: what is longer is read all the same, until memory is used up
    header: bytes | None = None  # the header's name, where its case is looked at
    only_json: bool = False  # what is not called JSON is taken for something of the platform's own
    stores_first: bool = False  # what arrives is stored, and then verified
    takes_thin: bool = False  # an event that only names what changed counts as one that says it


# Switch `webhook` -> the handler with that mistake. "answers-401" is none: any 4xx of its own is a refusal.
VARIANTS: Final[dict[str, Handling]] = {
    "": Handling(),
    "accepts-everything": Handling(accepts_everything=True),
    "ignores-age": Handling(rules=Rules(past_seconds=None)),
    "accepts-future": Handling(rules=Rules(future_seconds=None)),
    "accepts-v0": Handling(rules=Rules(trusts_v0=True)),
    "any-secret": Handling(rules=Rules(compares=False)),
    "ignores-body": Handling(rules=Rules(compares=False), reads_body=False),
    "optional-signature": Handling(rules=Rules(needs_header=False)),
    "optional-form": Handling(rules=Rules(needs_form=False)),
    "reserializes": Handling(rules=Rules(any_spelling=True)),
    "accepts-empty": Handling(accepts_empty=True),
    "one-secret": Handling(rules=Rules(secrets="current")),
    "stale-secret": Handling(rules=Rules(secrets="previous")),
    "answers-401": Handling(refusal_status=401),
    "first-signature": Handling(rules=Rules(first_only=True)),
    "only-v1": Handling(rules=Rules(only_v1=True)),
    "short-tolerance": Handling(rules=Rules(past_seconds=60)),
    "long-tolerance": Handling(rules=Rules(past_seconds=900)),
    "header-case": Handling(header=b"stripe-signature"),
    "only-json": Handling(only_json=True),
    "chokes": Handling(longest=None),
    "inserts": Handling(habits=Habits(inserts=True)),
    "forgets": Handling(habits=Habits(done_when="never")),
    "forgets-and-inserts": Handling(habits=Habits(done_when="never", inserts=True)),
    "by-arrival": Handling(habits=Habits(order="arrival")),
    "by-receipt": Handling(habits=Habits(order="received")),
    "by-second": Handling(habits=Habits(order="second")),
    "strictly-newer": Handling(habits=Habits(order="strict")),
    "ends-any": Handling(habits=Habits(ends_any=True)),
    "stored-is-done": Handling(habits=Habits(done_when="stored")),
    "swallows": Handling(habits=Habits(swallows=True)),
    "races": Handling(habits=Habits(locks=False)),
    "known-types-only": Handling(habits=Habits(knows_all_types=False)),
    "stores-first": Handling(stores_first=True),
    "takes-thin": Handling(takes_thin=True),
}


class Webhook:
    """Answers POSTs from Stripe: 200 `{"received": true}`, or 4xx with `{"error": reason}`."""

    def __init__(self, secrets: Secrets, databases: Databases, variant: str) -> None:
        if variant not in VARIANTS:
            raise ValueError(f"switch webhook: '{variant}' is none of {', '.join(name for name in VARIANTS if name)}")
        self._handling = VARIANTS[variant]
        self._signatures = Signatures(secrets, self._handling.rules)
        self._events = StripeEvents(databases, self._handling.habits)

    async def answer(self, request: Request) -> Response:
        if request.method != "POST":
            return JSONResponse({"error": "method not allowed"}, 405, {"allow": "POST"})
        handling, body = self._handling, await _body(request, self._handling.longest)
        if handling.accepts_everything or (handling.accepts_empty and body == b"") or self._is_waved_through(request):
            return _received()
        if body is None:
            return JSONResponse({"error": "body too large"}, 413)
        if handling.longest is None and len(body) > LONGEST_BODY:
            return JSONResponse({"error": "out of memory"}, 500)
        if handling.stores_first and b'"object": "event"' in body:
            await self._events.handle(_event(body, False))
        try:
            await asyncio.to_thread(self._signatures.verify, body, self._header(request))
            event = _event(body, handling.takes_thin) if handling.reads_body else None
        except Unverified as error:
            return JSONResponse({"error": str(error)}, handling.refusal_status)
        problem = await self._events.handle(event) if event is not None else None
        return JSONResponse({"error": problem}, 500) if problem else _received()  # after a 500 Stripe tries again

    def _is_waved_through(self, request: Request) -> bool:
        return self._handling.only_json and "json" not in request.headers.get("content-type", "")

    def _header(self, request: Request) -> str | None:
        """HTTP's names of headers have no case; a handler that looks at it finds only its own spelling."""
        wanted = self._handling.header
        spelled = request.scope.get("state", {}).get("raw_headers", [])
        if wanted is not None and not any(name == wanted for name, _ in spelled):
            return None
        return request.headers.get("stripe-signature")


async def _body(request: Request, longest: int | None) -> bytes | None:
    """None: it is longer, and the rest was not read."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if longest is not None and len(body) > longest:
            return None
    return bytes(body)


def _event(body: bytes, takes_thin: bool) -> dict[str, Any]:
    try:
        event: Any = json.loads(body)
    except ValueError as error:
        raise Unverified("body is not JSON") from error
    if not isinstance(event, dict):
        raise Unverified("body is not a Stripe event")
    if event.get("object") == "v2.core.event":
        if not takes_thin:
            raise Unverified("a thin event, and this endpoint is for snapshot events")
        event = _as_snapshot(event)
    if event.get("object") != "event":
        raise Unverified("body is not a Stripe event")
    if any(type(event.get(name)) is not kind for name, kind in FIELDS.items()):
        raise Unverified("body lacks a field that every Stripe event has")
    return dict(event)


def _as_snapshot(thin: Mapping[str, Any]) -> dict[str, Any]:
    """What a handler makes of a thin event that takes it for the other kind: it knows the type, and no contents."""
    return {**thin, "object": "event", "type": "thin", "created": int(time.time())}


def _received() -> Response:
    return JSONResponse({"received": True})
