"""The application's way into Postgres: one transaction as the calling role, as PostgREST does it."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from psycopg import AsyncConnection

from sandbox.world import Databases


@dataclass(frozen=True)
class Caller:
    """Who asks: the database role (anon, authenticated, service_role) and the claims that `auth.uid()` reads."""

    role: str
    claims: Mapping[str, Any] = field(default_factory=dict)


ANON = Caller("anon", {"role": "anon"})
SERVICE = Caller("service_role", {"role": "service_role"})

Connection = AsyncConnection[tuple[Any, ...]]


@asynccontextmanager
async def acting_as(databases: Databases, caller: Caller) -> AsyncIterator[Connection]:
    """A transaction as `caller`, on a connection of its own; committed at the end, rolled back by an exception.

    Role and claims are local to the transaction. Raises psycopg.Error.
    """
    async with await AsyncConnection.connect(databases.authenticator_url, prepare_threshold=None) as connection:
        await connection.execute(
            "select set_config('role', %s, true), set_config('request.jwt.claims', %s, true)",
            (caller.role, json.dumps(caller.claims)),
        )
        yield connection
