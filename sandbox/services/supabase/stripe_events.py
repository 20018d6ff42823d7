"""What Ocean's handler does with a genuine event: it is stored once, carried out, and only then counts as processed.

A delivery that comes while another of the same event is being carried out waits for it (row lock). An event whose
handling failed stays stored and unprocessed, so that Stripe's next delivery of it is carried out and not ignored.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import psycopg
from psycopg.types.json import Jsonb

from sandbox.services.database import SERVICE, Connection, acting_as
from sandbox.services.supabase.stripe_effects import EFFECTS, Failed, Habits
from sandbox.world import Databases

RACE_SECONDS: Final = 0.2
"""How long the handler that races itself thinks between looking and writing."""
_STORE: Final = """
insert into public.webhook_events (id, type, livemode, payload, created_at)
values (%(id)s, %(type)s, %(livemode)s, %(payload)s, to_timestamp(%(created)s)) on conflict (id) do nothing
"""
_FAILED: Final = "update public.webhook_events set attempts = attempts + 1, last_error = %s where id = %s"
_PROCESSED: Final = """
update public.webhook_events set processed_at = now(), attempts = attempts + 1, last_error = null where id = %s
"""


class StripeEvents:
    """Stores and carries out events, by `habits`."""

    def __init__(self, databases: Databases, habits: Habits) -> None:
        self._databases = databases
        self._habits = habits

    async def handle(self, event: Mapping[str, Any]) -> str | None:
        """Carry it out, unless that was done before; what went wrong, in words, or None."""
        try:
            known = await self._stored(event)
            if known and self._habits.done_when == "stored":
                return None
            await self._carried_out(event)
        except (psycopg.Error, Failed, LookupError, TypeError) as problem:  # the latter: it lacks what it should say
            await self._failed(event, problem)
            return None if self._habits.swallows else "the event could not be carried out"
        return None

    async def _stored(self, event: Mapping[str, Any]) -> bool:
        """Whether it was there already."""
        row = {name: event[name] for name in ("id", "type", "livemode", "created")}
        async with acting_as(self._databases, SERVICE) as connection:
            if not self._habits.locks:
                there = await _one(connection, "select 1 from public.webhook_events where id = %s", event["id"])
                await asyncio.sleep(RACE_SECONDS)
                statement = _STORE.replace("on conflict (id) do nothing", "") if there is None else "select 1"
                await connection.execute(statement.encode(), {**row, "payload": Jsonb(dict(event))})
                return there is not None
            cursor = await connection.execute(_STORE.encode(), {**row, "payload": Jsonb(dict(event))})
            return cursor.rowcount == 0

    async def _carried_out(self, event: Mapping[str, Any]) -> None:
        async with acting_as(self._databases, SERVICE) as connection:
            query = "select processed_at is not null from public.webhook_events where id = %s for update"
            done = await _one(connection, query, event["id"])
            if done and self._habits.done_when == "processed":
                return
            effect = EFFECTS.get(event["type"])
            if effect is not None:
                await effect(connection, event, self._habits)
            elif not self._habits.knows_all_types:
                raise Failed(f"{event['type']} is not handled")
            await connection.execute(_PROCESSED.encode(), (event["id"],))

    async def _failed(self, event: Mapping[str, Any], problem: Exception) -> None:
        try:
            async with acting_as(self._databases, SERVICE) as connection:
                await connection.execute(_FAILED.encode(), (str(problem)[:500], event["id"]))
        except psycopg.Error:
            return  # Stripe tries again, and so does this


async def _one(connection: Connection, query: str, key: str) -> Any:
    cursor = await connection.execute(query.encode(), (key,))
    row = await cursor.fetchone()
    return row[0] if row else None
