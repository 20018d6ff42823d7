"""Every answer a fixed time later, as over a distance."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send


class Delayed:
    """Wraps a service; each request waits `seconds` before it is looked at. Requests do not wait for each other."""

    def __init__(self, service: ASGIApp, seconds: float) -> None:
        self._service = service
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._seconds > 0:
            await asyncio.sleep(self._seconds)
        await self._service(scope, receive, send)
