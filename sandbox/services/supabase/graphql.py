"""The Edge Function graphql-v2: GraphQL over HTTP in front of `graphql_schema`."""

import asyncio
import json
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.database import ANON, Caller
from sandbox.services.supabase.signing import Signing
from sandbox.services.supabase.tokens import InvalidToken, bearer_token, verified
from sandbox.world import Databases

RESPONSE_TYPE: Final = "application/graphql-response+json"


class Graphql:
    """Answers POSTed queries. A request error is 200 as application/json, which most clients expect, else 400."""

    def __init__(self, signing: Signing, databases: Databases, mistake: str) -> None:
        self._signing = signing
        self._databases = databases
        self._mistake = mistake

    async def answer(self, request: Request) -> Response:
        if request.method != "POST":
            return JSONResponse(_errors("GraphQL is served to POST only"), 405, {"allow": "POST"})
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse(_errors("Content-Type must be application/json"), 415)
        asked = asked_in(await request.body())
        if asked is None:
            return JSONResponse(_errors('The body must be JSON with a string "query"'), 400)
        return response(request, await self._executed(request, asked))

    async def _executed(self, request: Request, asked: dict[str, Any]) -> dict[str, Any]:
        await asyncio.to_thread(prepared)
        from sandbox.services.supabase.graphql_schema import GUARDS, Guard, Root, executed, schema

        guard = GUARDS.get(self._mistake, Guard())
        return await executed(schema(), Root(self._databases, self._caller(request), guard), asked, guard)

    def _caller(self, request: Request) -> Caller:
        """The signed-in user, or anonymous: an opaque API key in place of a token is nobody."""
        token = bearer_token(request)
        if token is None or token.startswith("sb_"):
            return ANON
        try:
            claims = verified(token, self._signing)
        except InvalidToken:
            return ANON
        return Caller(str(claims.get("role") or "anon"), claims)


def prepared() -> None:
    """Imports graphql-core at the first query, in a thread: it takes a tenth of a second, and others are waiting."""
    from sandbox.services.supabase.graphql_schema import schema

    schema()


def asked_in(body: bytes) -> dict[str, Any] | None:
    """The request in a body; None when it is none."""
    try:
        asked = json.loads(body)
    except ValueError:
        return None
    well_formed = (
        isinstance(asked, dict)
        and isinstance(asked.get("query"), str)
        and isinstance(asked.get("variables"), dict | None)
        and isinstance(asked.get("operationName"), str | None)
    )
    return asked if well_formed else None


def response(request: Request, result: dict[str, Any]) -> Response:
    """A result in the media type that was asked for."""
    if RESPONSE_TYPE not in request.headers.get("accept", ""):
        return JSONResponse(result)
    return JSONResponse(result, 200 if "data" in result else 400, media_type=RESPONSE_TYPE)


def _errors(message: str) -> dict[str, Any]:
    return {"errors": [{"message": message}]}
