"""A database that is far away, or behind TLS: a relay in front of Postgres that holds back what the server says."""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sandbox.world import HOST

CHUNK_BYTES = 65536
WANTS_TLS, WANTS_GSS = 80877103, 80877104  # Postgres's manual, 54.7: SSLRequest, GSSENCRequest
HEAD_BYTES = 8


@asynccontextmanager
async def far_away(port: int, seconds: float, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a relay to `port`: each burst from the server arrives `seconds` later, the client's at once.

    With `tls` the relay speaks it with clients that ask for it, and plainly with Postgres.
    """

    async def relay(client_says: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        # asyncio asks a finished handler for its exception, and complains when it was cancelled instead
        with suppress(asyncio.CancelledError, ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            await carry(client_says, to_client)
        to_client.close()

    async def carry(client_says: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        said = await _greeted(client_says, to_client, seconds, tls) if tls else b""
        server_says, to_server = await asyncio.open_connection(HOST, port)
        to_server.write(said)
        await asyncio.gather(_pass_on(client_says, to_server, 0.0), _pass_on(server_says, to_client, seconds))

    server = await asyncio.start_server(relay, HOST, 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()


async def _greeted(
    client_says: asyncio.StreamReader, to_client: asyncio.StreamWriter, seconds: float, tls: ssl.SSLContext
) -> bytes:
    """TLS, if the client asks for it; returns what it said otherwise, or first within TLS."""
    said = await client_says.readexactly(HEAD_BYTES)
    while (wants := struct.unpack("!ii", said)[1]) in (WANTS_TLS, WANTS_GSS):
        # The handshake has an answer of the server's too. It is waited for here: what the client says between our S
        # and start_tls would be lost.
        await asyncio.sleep(2 * seconds if wants == WANTS_TLS else seconds)
        to_client.write(b"S" if wants == WANTS_TLS else b"N")
        if wants == WANTS_TLS:
            await to_client.start_tls(tls)
        said = await client_says.readexactly(HEAD_BYTES)
    return said


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
