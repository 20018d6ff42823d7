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
        await asyncio.sleep(self._seconds)
        if connection.is_closing():
            return
        protocol = self._made()
        try:
            secured = await asyncio.get_running_loop().start_tls(connection, protocol, self._context, server_side=True)
        except (OSError, asyncio.CancelledError):
            connection.abort()  # the client turned away, or the sandbox ends
            return
        if secured is not None:  # None: the client hung up meanwhile
            protocol.connection_made(secured)
