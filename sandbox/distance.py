"""A database that is far away: a TCP relay in front of Postgres which holds back everything the server says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sandbox.world import HOST

CHUNK_BYTES = 65536


@asynccontextmanager
async def far_away(port: int, seconds: float) -> AsyncIterator[int]:
    """The port of a relay to `port`: each burst from the server arrives `seconds` later, the client's at once."""

    async def relay(client_says: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        # asyncio asks a finished handler for its exception, and complains when it was cancelled instead
        with suppress(asyncio.CancelledError, ConnectionError):
            await carry(client_says, to_client)

    async def carry(client_says: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        server_says, to_server = await asyncio.open_connection(HOST, port)
        await asyncio.gather(_pass_on(client_says, to_server, 0.0), _pass_on(server_says, to_client, seconds))

    server = await asyncio.start_server(relay, HOST, 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Bytes from one side to the other, in order, each `seconds` after it came, and the end likewise."""
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    delivering = asyncio.create_task(_deliver(under_way, writer))
    clock = asyncio.get_running_loop().time
    with suppress(ConnectionError):
        while chunk := await reader.read(CHUNK_BYTES):
            under_way.put_nowait((clock() + seconds, chunk))
    under_way.put_nowait((clock() + seconds, b""))
    await delivering


async def _deliver(under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
    clock = asyncio.get_running_loop().time
    with suppress(ConnectionError):
        while True:
            due, chunk = await under_way.get()
            await asyncio.sleep(due - clock())
            if not chunk:
                break
            writer.write(chunk)
            await writer.drain()
    writer.close()
