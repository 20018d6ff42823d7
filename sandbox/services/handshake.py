"""TLS that begins late, as behind a proxy that has too much to do."""

import asyncio
import ssl
from collections.abc import Callable
from typing import cast


class LateGreeting(asyncio.Protocol):
    """Accepts the connection at once, and looks at the client's greeting `seconds` later; then `made` takes over."""

    def __init__(self, made: Callable[[], asyncio.Protocol], context: ssl.SSLContext, seconds: float) -> None:
        self._made = made
        self._context = context
        self._seconds = seconds
        self._greeting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        connection = cast(asyncio.Transport, transport)
        connection.pause_reading()
        self._greeting = asyncio.ensure_future(self._greet(connection))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._greeting is not None:
            self._greeting.cancel()

    async def _greet(self, connection: asyncio.Transport) -> None:
        early, loop = _Early(), asyncio.get_running_loop()
        try:
            await asyncio.sleep(self._seconds)
            secured = await loop.start_tls(connection, early, self._context, server_side=True)
        except (OSError, asyncio.CancelledError):
            connection.abort()  # the client turned away, or the sandbox ends
            return
        if secured is not None:  # None: the client hung up meanwhile
            early.hand_over(secured, self._made())


class _Early(asyncio.Protocol):
    """Keeps what a client sends together with the end of its greeting, before anybody can be told of the connection."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        self._pieces.append(data)

    def hand_over(self, connection: asyncio.Transport, protocol: asyncio.Protocol) -> None:
        connection.set_protocol(protocol)
        protocol.connection_made(connection)
        for piece in self._pieces:
            protocol.data_received(piece)
