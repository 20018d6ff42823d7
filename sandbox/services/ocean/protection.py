"""The headers that Ocean sends with every answer, as `headers` of its vercel.json would have Vercel do."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.services.state import merged

OCEAN_S: Final = {
    "strict-transport-security": "max-age=63072000; includeSubDomains; preload",  # what Vercel sends by itself
    "content-security-policy": "default-src 'self'; connect-src 'self' https:; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}


def headers(patches: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Ocean's, after the patches of `[row.state.ocean.headers]`; an empty text takes one away (TOML has no null)."""
    known: dict[str, str] = dict(OCEAN_S)
    for patch in patches:
        known = merged(known, patch.get("headers", {}))
    return {name: value for name, value in known.items() if value}


class Protected:
    """Wraps the frontend; each of its answers gets the headers that it does not set itself."""

    def __init__(self, application: ASGIApp, headers: Mapping[str, str]) -> None:
        self._application = application
        self._headers = {name.encode(): value.encode() for name, value in headers.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = dict(message["headers"])
                added = [(name, value) for name, value in self._headers.items() if name not in said]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self._application(scope, receive, protected)
