"""Who may read: a bearer token, and the team that it is for."""

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.services.vercel.names import TEAM_ID


class Authorized:
    """Wraps the API: 403 without a token, with a wrong one, and without the project's team (`teamId`)."""

    def __init__(self, service: ASGIApp, token: str) -> None:
        self._service = service
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Request(scope))
        await (self._service if refusal is None else JSONResponse(refusal, 403))(scope, receive, send)

    def _refusal(self, request: Request) -> dict[str, Any] | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return _forbidden("The request is missing an authentication token", missingToken=True)
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            return _forbidden("Not authorized", invalidToken=True)
        if request.query_params.get("teamId") != TEAM_ID:
            return _forbidden("Not authorized: the project belongs to a team; name it with teamId")
        return None


def _forbidden(message: str, **more: bool) -> dict[str, Any]:
    return {"error": {"code": "forbidden", "message": message, **more}}
