"""Who may read: GitHub's refusals before a route is looked for."""

import secrets
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

VERSIONS: Final = ("2022-11-28", "2026-03-10")
"""Of the API, as `x-github-api-version` names them."""
DOCUMENTATION: Final = "https://docs.github.com/rest"


class Authorized:
    """Wraps the API: 403 without a user agent, 400 for an unknown version, 401 for a wrong token, 404 without one."""

    def __init__(self, service: ASGIApp, token: str) -> None:
        self._service = service
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Request(scope))
        await (self._service if refusal is None else refusal)(scope, receive, send)

    def _refusal(self, request: Request) -> ASGIApp | None:
        headers = request.headers
        if not headers.get("user-agent"):
            return _said(
                403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header."
            )
        if headers.get("x-github-api-version", VERSIONS[0]) not in VERSIONS:
            return _said(
                400, "Invalid API version. Please refer to the documentation for the list of supported versions."
            )
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if not token:
            return _said(404, "Not Found")  # a private repository is not there for strangers
        known = scheme.lower() in ("bearer", "token") and secrets.compare_digest(token.encode(), self._token.encode())
        return None if known else _said(401, "Bad credentials")


def _said(status: int, message: str) -> JSONResponse:
    body: dict[str, Any] = {"message": message, "documentation_url": DOCUMENTATION, "status": str(status)}
    return JSONResponse(body, status)
