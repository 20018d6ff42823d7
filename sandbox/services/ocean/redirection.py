"""Ocean without TLS: what Vercel answers there, the same address with https, for good."""

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from sandbox.services.state import merged


class Redirecting:
    """Reads `plain` of the state: the `status` of the redirect, and the `scheme` and `host` that it names.

    The host that was asked for is the default. With status 200 there is a page instead.
    """

    def __init__(self, patches: Iterable[Mapping[str, Any]]) -> None:
        self._said: dict[str, Any] = {"status": 308, "scheme": "https"}
        for patch in patches:
            self._said = merged(self._said, patch.get("plain", {}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(Request(scope))(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        if self._said["status"] == 200:
            return HTMLResponse("<!doctype html><title>Ocean</title>")
        host = self._said.get("host", request.url.hostname)
        to = request.url.replace(scheme=self._said["scheme"], netloc=host)
        return RedirectResponse(str(to), self._said["status"])
