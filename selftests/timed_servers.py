"""Servers that take known times: to greet a TLS client, to begin their answer, and to end it."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import trustme

from sandbox.services.handshake import LateGreeting


@dataclass
class Slow:
    """Seconds that a server takes for each step, and how often somebody came."""

    greeting: float = 0.0
    first_byte: float = 0.0
    body: float = 0.0
    status: int = 200
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    open: list[asyncio.Transport] = field(default_factory=list)


class _Answering(asyncio.Protocol):
    def __init__(self, slow: Slow) -> None:
        self._slow = slow
        self._answer: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._slow.connections += 1
        self._slow.open.append(transport)

    def data_received(self, data: bytes) -> None:
        self._slow.requests.append(data)
        if self._answer is None or self._answer.done():
            self._answer = asyncio.ensure_future(self._respond())

    async def _respond(self) -> None:
        await asyncio.sleep(self._slow.first_byte)
        status = f"HTTP/1.1 {self._slow.status} Said\r\n".encode()
        self._transport.write(status + b"content-type: text/plain\r\ncontent-length: 8\r\n\r\nfour")
        await asyncio.sleep(self._slow.body)
        self._transport.write(b"more")


@contextmanager
def served(slow: Slow, certificate: trustme.LeafCert | ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of 127.0.0.1 at which `slow` answers, over TLS with a certificate."""
    ready = threading.Event()
    port: list[int] = []
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        server = await loop.create_server(_protocol(slow, certificate), "127.0.0.1", 0)
        port.append(server.sockets[0].getsockname()[1])
        loops.append(loop)
        stopping.append(stop)
        ready.set()
        await stop.wait()
        server.close()
        for connection in slow.open:
            connection.abort()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.01)  # what was aborted says so to the loop

    stopping: list[asyncio.Event] = []
    serving = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    serving.start()
    assert ready.wait(5)
    try:
        yield port[0]
    finally:
        loops[0].call_soon_threadsafe(stopping[0].set)
        serving.join(5)


def _protocol(slow: Slow, certificate: trustme.LeafCert | ssl.SSLContext | None) -> Callable[[], asyncio.Protocol]:
    def answering() -> asyncio.Protocol:
        return _Answering(slow)

    if certificate is None:
        return answering
    context = certificate if isinstance(certificate, ssl.SSLContext) else ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if isinstance(certificate, trustme.LeafCert):
        certificate.configure_cert(context)
    return lambda: LateGreeting(answering, context, slow.greeting)
