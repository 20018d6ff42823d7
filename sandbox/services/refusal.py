"""An answer that ends a request early."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ExceptionHandler

Body = Mapping[str, Any]


class Refusal(Exception):
    """Raised anywhere below a route; answered as `status` with the JSON `body` and `headers`."""

    def __init__(self, status: int, body: Body, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = headers


def answer_refusal(request: Request, error: Exception) -> Response:
    """Starlette exception handler for `Refusal`."""
    assert isinstance(error, Refusal)  # starlette's signature says Exception
    return JSONResponse(error.body, error.status, error.headers)


def answer_unrouted(not_found: Body, not_allowed: Body) -> ExceptionHandler:
    """Starlette exception handler for unknown paths (404) and methods (405), in a service's own words."""

    def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return JSONResponse(not_found if status == 404 else not_allowed, status)

    return answer
