"""Ways in which a server fails to answer, as raw ASGI applications."""

import asyncio
from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

DRIP_SECONDS: Final = 0.4


async def silent(scope: Scope, receive: Receive, send: Send) -> None:
    """Accept the request and never answer."""
    await _gone(receive)


async def drip(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 200 and then one byte each 0.4 s forever: a timeout per read never fires."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    dripping = asyncio.ensure_future(_drops(send))
    await _gone(receive)
    dripping.cancel()


async def close(scope: Scope, receive: Receive, send: Send) -> None:
    """Close the connection without a byte."""
    scope["state"]["transport"].abort()
    await _gone(receive)


class Truncated:
    """Answers 200 with the beginning of a body, and closes before the end that it announced."""

    def __init__(self, body: str, content_type: str) -> None:
        self._body = body.encode()
        self._headers = [(b"content-type", content_type.encode()), (b"content-length", b"%d" % (2 * len(body) + 2))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body, "more_body": True})
        scope["state"]["transport"].close()
        await _gone(receive)


async def unreachable(scope: Scope, receive: Receive, send: Send) -> None:
    """What a caller inside the sandbox gets from a service whose port is closed: a proxy's 502."""
    await JSONResponse({"error": "upstream unreachable"}, 502)(scope, receive, send)


async def _drops(send: Send) -> None:
    while True:
        await send({"type": "http.response.body", "body": b" ", "more_body": True})  # JSON may begin with blanks
        await asyncio.sleep(DRIP_SECONDS)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


BEHAVIOURS: Final[dict[str, ASGIApp]] = {"silent": silent, "drip": drip, "close": close, "refuse": unreachable}
