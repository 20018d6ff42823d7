"""GoTrue's way into the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg

from sandbox.services.database import Connection
from sandbox.services.supabase.auth_errors import refusal


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    """One transaction. A database that cannot be reached is GoTrue's 500, not a crash."""
    try:
        async with await psycopg.AsyncConnection.connect(url, prepare_threshold=None) as connection:
            yield connection
    except psycopg.Error as error:
        raise refusal(500, "unexpected_failure", "Database error") from error
