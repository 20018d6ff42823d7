"""The roads to the database that are announced: direct, and what stands for the session and the transaction pooler.

Each ends TLS in front of Postgres, as a pooler does (the Postgres of the wheel is built without it). To a client both
poolers are in session mode; what only one in transaction mode does is tried with a real one, in the self-tests. A
switch of its name breaks a road.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from sandbox.certificates import Certificates
from sandbox.distance import far_away
from sandbox.world import HOST

DIRECT = "DATABASE_URL"
ROADS = {DIRECT: "direct_road", "SESSION_POOLER_URL": "session_pooler", "TRANSACTION_POOLER_URL": "transaction_pooler"}
"""Variable that is announced -> switch: refuse, silent, or plain (it offers no TLS)."""
SSL_REQUEST_BYTES = 8


@asynccontextmanager
async def roads(
    port: int, switches: Mapping[str, bool | int | str], seconds: float, presents: Certificates
) -> AsyncIterator[dict[str, int]]:
    """The port of each road by its variable; what the server says arrives `seconds` later."""
    async with AsyncExitStack() as stack:
        found = {}
        for name, switch in ROADS.items():
            found[name] = await stack.enter_async_context(_road(str(switches.get(switch, "")), port, seconds, presents))
        yield found


@asynccontextmanager
async def _road(breaks: str, port: int, seconds: float, presents: Certificates) -> AsyncIterator[int]:
    if breaks == "refuse":
        with socket.socket() as taken:  # bound and not listening
            taken.bind((HOST, 0))
            yield taken.getsockname()[1]
    elif breaks in ("silent", "plain"):
        server = await asyncio.start_server(_say_nothing if breaks == "silent" else _say_no, HOST, 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
    else:
        async with far_away(port, seconds, presents.context()) as relay:
            yield relay


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def _say_no(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """To the client's question for TLS."""
    await reader.readexactly(SSL_REQUEST_BYTES)
    writer.write(b"N")
    await reader.read()
    writer.close()
