"""The Edge Function handle-stripe-webhook: verifies Stripe's signature, records the event once."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from psycopg.types.json import Jsonb
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.database import SERVICE, acting_as
from sandbox.services.supabase.signatures import Rules, Signatures, Unverified
from sandbox.world import Databases, Secrets

FIELDS: Final = {"id": str, "type": str, "livemode": bool, "created": int}


@dataclass(frozen=True, kw_only=True)
class Handling:
    """How the handler deals with a delivery; the defaults are right."""

    rules: Rules = field(default_factory=Rules)
    refusal_status: int = 400
    accepts_everything: bool = False  # 200 before looking, "so that Stripe stops retrying"
    accepts_empty: bool = False  # an empty body is taken for a ping
    reads_body: bool = True  # False: 200 as soon as the header is accepted


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
}


class Webhook:
    """Answers POSTs from Stripe: 200 `{"received": true}`, or 4xx with `{"error": reason}`."""

    def __init__(self, secrets: Secrets, databases: Databases, variant: str) -> None:
        if variant not in VARIANTS:
            raise ValueError(f"switch webhook: '{variant}' is none of {', '.join(name for name in VARIANTS if name)}")
        self._handling = VARIANTS[variant]
        self._signatures = Signatures(secrets, self._handling.rules)
        self._databases = databases

    async def answer(self, request: Request) -> Response:
        if request.method != "POST":
            return JSONResponse({"error": "method not allowed"}, 405, {"allow": "POST"})
        body = await request.body()
        if self._handling.accepts_everything or (self._handling.accepts_empty and not body):
            return _received()
        try:
            await asyncio.to_thread(self._signatures.verify, body, request.headers.get("stripe-signature"))
            event = _event(body) if self._handling.reads_body else None
        except Unverified as error:
            return JSONResponse({"error": str(error)}, self._handling.refusal_status)
        return await self._recorded(event) if event is not None else _received()

    async def _recorded(self, event: Mapping[str, Any]) -> Response:
        """Idempotent: Stripe delivers an event at least once, and the same id means the same event."""
        try:
            async with acting_as(self._databases, SERVICE) as connection:
                await connection.execute(
                    "insert into public.webhook_events (id, type, livemode, payload, created_at)"
                    " values (%s, %s, %s, %s, to_timestamp(%s)) on conflict do nothing",
                    (event["id"], event["type"], event["livemode"], Jsonb(dict(event)), event["created"]),
                )
        except psycopg.Error:
            return JSONResponse({"error": "event could not be stored"}, 500)  # Stripe tries again
        return _received()


def _event(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except ValueError as error:
        raise Unverified("body is not JSON") from error
    if not isinstance(event, dict) or event.get("object") != "event":
        raise Unverified("body is not a Stripe event")
    if any(type(event.get(name)) is not kind for name, kind in FIELDS.items()):
        raise Unverified("body lacks a field that every Stripe event has")
    return event


def _received() -> Response:
    return JSONResponse({"received": True})
