"""Who may ask, and what may be asked: a bearer token, the project's ref, and only documented query parameters."""

import hmac
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.management.names import REF
from sandbox.services.refusal import Refusal

SAID: Final = re.compile(r"[a-z]{20}")
Look = Callable[[QueryParams], Any]
Endpoint = Callable[[Request], Awaitable[Response]]


def refused(status: int, message: str) -> Refusal:
    """An error as the Management API writes it. [unverified: the published specification has no bodies of errors]"""
    return Refusal(status, {"message": message})


class Answering:
    """Makes endpoints of functions that look into the state."""

    def __init__(self, token: str) -> None:
        self._token = token

    def endpoint(self, look: Look, *known: str) -> Endpoint:
        """An endpoint that takes the query parameters `known` and no other, for the one project that there is."""

        async def answer(request: Request) -> Response:
            self._admit(request)
            _one_project(request.path_params["ref"])
            for name in request.query_params:
                if name not in known:
                    raise refused(400, f"Unrecognized key(s) in object: '{name}'")
            return JSONResponse(look(request.query_params))

        return answer

    def _admit(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(token.encode(), self._token.encode()):
            raise refused(401, "Unauthorized")


def _one_project(ref: str) -> None:
    if not SAID.fullmatch(ref):
        raise refused(400, "ref: must be 20 lowercase letters")
    if ref != REF:
        raise refused(404, "Project not found")
