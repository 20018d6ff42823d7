"""Several ASGI applications on free ports of 127.0.0.1, served by uvicorn in the running event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from sandbox.world import HOST

Door = tuple[ASGIApp, bool]  # an application, and whether its port refuses connections


class _Protocol(H11Protocol):
    """Shows the connection to the application as `scope["state"]["transport"]`: planted faults break connections."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(cast(asyncio.Transport, transport))


@asynccontextmanager
async def listening(doors: Sequence[Door]) -> AsyncIterator[tuple[str, ...]]:
    """Serve each application; yields their origins (`http://127.0.0.1:54321`) in the same order."""
    async with AsyncExitStack() as stack:
        yield tuple([await stack.enter_async_context(_door(*door)) for door in doors])


@asynccontextmanager
async def _door(application: ASGIApp, refuses: bool) -> AsyncIterator[str]:
    with socket.create_server((HOST, 0)) if not refuses else _bound() as port:
        origin = f"http://{HOST}:{port.getsockname()[1]}"
        if refuses:
            yield origin
            return
        async with _served(application, port):
            yield origin


def _bound() -> socket.socket:
    """Bound but not listening: connections are refused, and nobody else can take the port meanwhile."""
    port = socket.socket()
    port.bind((HOST, 0))
    return port


@asynccontextmanager
async def _served(application: ASGIApp, port: socket.socket) -> AsyncIterator[None]:
    """Without `uvicorn.Server`, which takes over the process's signals and waits for open connections at the end."""
    config, state = _configured(application), ServerState()

    def accepted() -> asyncio.Protocol:
        return _Protocol(config, state, {})

    server = await asyncio.get_running_loop().create_server(accepted, sock=port)
    try:
        yield
    finally:
        server.close()
        await _hang_up(state)


def _configured(application: ASGIApp) -> uvicorn.Config:
    config = uvicorn.Config(
        application, ws="none", lifespan="off", interface="asgi3", log_config=None, log_level="error", access_log=False
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
