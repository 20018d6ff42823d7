"""Several ASGI applications on free ports of 127.0.0.1, served by uvicorn in the running event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from sandbox.certificates import Certificates
from sandbox.services.handshake import LateGreeting
from sandbox.world import HOST

NAME: Final = "localhost"


@dataclass(frozen=True)
class Door:
    """An application on a port of its own; with certificates it is served over TLS."""

    application: ASGIApp
    refuses: bool = False
    """Whether the port refuses connections."""
    certificates: Certificates | None = None
    greets_after: float = 0.0
    """Seconds until it looks at what a TLS client sends first."""


class _Protocol(H11Protocol):
    """Shows the connection to the application as `scope["state"]["transport"]`: planted faults break connections.

    `scope["state"]["raw_headers"]` has the names of headers as they were spelled, for handlers that look at their case.
    """

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio does it for sockets that were made with the protocol's number only; without, each answer on a kept
        # connection waits 40 ms for the client's delayed acknowledgement
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app_state = {**self.app_state, "transport": transport}
        following = self.conn.next_event

        def next_event() -> Any:
            event = following()
            if isinstance(event, h11.Request):
                self.app_state["raw_headers"] = event.headers.raw_items()
            return event

        self.conn.next_event = next_event  # type: ignore[method-assign]  # h11 offers no other place
        super().connection_made(cast(asyncio.Transport, transport))


@asynccontextmanager
async def listening(doors: Sequence[Door]) -> AsyncIterator[tuple[str, ...]]:
    """Serve each application; yields their origins (`http://127.0.0.1:54321`) in the same order.

    What is served over TLS has a name, `https://localhost:54321`, since certificates are made out to names.
    """
    async with AsyncExitStack() as stack:
        yield tuple([await stack.enter_async_context(_opened(door)) for door in doors])


@asynccontextmanager
async def _opened(door: Door) -> AsyncIterator[str]:
    with socket.create_server((HOST, 0)) if not door.refuses else _bound() as port:
        origin = f"https://{NAME}" if door.certificates else f"http://{HOST}"
        origin += f":{port.getsockname()[1]}"
        if door.refuses:
            yield origin
            return
        async with _served(door, port):
            yield origin


def _bound() -> socket.socket:
    """Bound but not listening: connections are refused, and nobody else can take the port meanwhile."""
    port = socket.socket()
    port.bind((HOST, 0))
    return port


@asynccontextmanager
async def _served(door: Door, port: socket.socket) -> AsyncIterator[None]:
    """Without `uvicorn.Server`, which takes over the process's signals and waits for open connections at the end."""
    config, state = _configured(door), ServerState()

    def accepted() -> asyncio.Protocol:
        return _Protocol(config, state, {})

    secured = door.certificates.context() if door.certificates else None
    if secured and door.greets_after > 0:
        late = partial(LateGreeting, accepted, secured, door.greets_after)
        server = await asyncio.get_running_loop().create_server(late, sock=port)
    else:
        server = await asyncio.get_running_loop().create_server(accepted, sock=port, ssl=secured)
    try:
        yield
    finally:
        server.close()
        await _hang_up(state)


def _configured(door: Door) -> uvicorn.Config:
    config = uvicorn.Config(
        door.application,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="error",
        access_log=False,
    )
    config.load()
    return config


async def _hang_up(state: ServerState) -> None:
    """Ends what is still being answered: a silent or dripping answer would never end by itself."""
    for connection in list(state.connections):
        cast(H11Protocol, connection).transport.abort()
    answering = list(state.tasks)
    for task in answering:
        task.cancel()
    await asyncio.gather(*answering, return_exceptions=True)
