"""A stand-in's application at its vendor's address, in this process; and how impatient clients ask it."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import respx
from starlette.types import ASGIApp

Serve = Callable[..., respx.MockRouter]
"""Given merge patches of the stand-in's state, serves it, and returns the router, which notes what is asked."""


@contextmanager
def answering(host: str, application: Callable[[tuple[Mapping[str, Any], ...]], ASGIApp]) -> Iterator[Serve]:
    """What serves a patched stand-in at `host`; `application` makes one."""
    with respx.mock(assert_all_called=False) as router:

        def serve(*patches: Mapping[str, Any]) -> respx.MockRouter:
            transport = httpx.ASGITransport(application(patches))

            async def answer(request: httpx.Request) -> httpx.Response:
                response = await transport.handle_async_request(request)
                return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())

            router.route(host=host).mock(side_effect=answer)
            return router

        yield serve


async def once(asked: Callable[[], Awaitable[Any]], **_: float) -> Any:
    """In the place of asking again for some seconds."""
    return await asked()
