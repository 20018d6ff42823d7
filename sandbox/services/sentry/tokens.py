"""Who may read: a bearer token."""

import secrets
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MISSING: Final = {"detail": "Authentication credentials were not provided."}
INVALID: Final = {"detail": "Invalid token"}


class Authorized:
    """Wraps the API: 401 without a token, and with a wrong one."""

    def __init__(self, service: ASGIApp, token: str) -> None:
        self._service = service
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            await JSONResponse(MISSING, 401)(scope, receive, send)
        elif not secrets.compare_digest(token.encode(), self._token.encode()):
            await JSONResponse(INVALID, 401)(scope, receive, send)
        else:
            await self._service(scope, receive, send)
