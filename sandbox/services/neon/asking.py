"""What every route of Neon's is asked: which parameters, whose data, and which page; and how it refuses."""

import re
import uuid
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.refusal import Refusal

Item = dict[str, Any]
NAME: Final = re.compile(r"[a-z0-9-]{1,60}")


def refusal(status: int, message: str, code: str = "", headers: Mapping[str, str] | None = None) -> Refusal:
    """An error as Neon documents it."""
    return Refusal(status, body(message, code), headers)


def body(message: str, code: str = "") -> Item:
    """The body of an error."""
    return {"request_id": str(uuid.uuid4()), "code": code, "message": message}


def unrouted(request: Request, error: Exception) -> Response:
    """Of an unknown path, or another method than GET."""
    status = getattr(error, "status_code", 500)
    said = "this route does not exist" if status == 404 else "the sandbox's Neon is read-only"
    return JSONResponse(body(said), status)


def admit(request: Request, parameters: Mapping[str, str]) -> dict[str, str]:
    """The query; 400 when a parameter is not documented, is named twice, or has not the documented form."""
    query = request.query_params
    for name in query:
        if name not in parameters:
            raise refusal(400, f"request parameters error: unknown parameter {name}")
        if len(query.getlist(name)) > 1 or not re.fullmatch(parameters[name], query[name]):
            raise refusal(400, f'request parameters error: parameter "{name}" in query has an error')
    for value in request.path_params.values():
        if not NAME.fullmatch(str(value)):
            raise refusal(400, "request parameters error: an id in path has an error")
    return dict(query)


def whole_number(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    """A parameter as an int; 400 when it is not between 1 and `most`."""
    number = int(query.get(name, default))
    if not 1 <= number <= most:
        raise refusal(400, f'request parameters error: parameter "{name}": number must be between 1 and {most}')
    return number
