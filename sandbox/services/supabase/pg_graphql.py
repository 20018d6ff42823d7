"""`/graphql/v1`: pg_graphql behind the gateway. New projects come without it, and a placeholder answers."""

import asyncio
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.services.supabase.graphql import asked_in, prepared
from sandbox.services.supabase.keys import Keys

PLACEHOLDER: Final = {"data": None, "errors": ["pg_graphql extension is not enabled."]}
NO_QUERY: Final = {"code": "PGRST102", "details": None, "hint": None, "message": "Empty or invalid json"}


def pg_graphql_route(keys: Keys, mistake: str | None) -> Route:
    """`mistake` is None where the extension is not enabled, else a name of `graphql_schema.GUARDS`."""
    return Route("/graphql/v1", PgGraphql(keys, mistake).answer, methods=["POST"])


class PgGraphql:
    """Answers 200 to everything that it understands, errors included; it reads nothing of any table here."""

    def __init__(self, keys: Keys, mistake: str | None) -> None:
        self._keys = keys
        self._mistake = mistake

    async def answer(self, request: Request) -> Response:
        self._keys.caller(request)
        asked = asked_in(await request.body())
        if asked is None:
            return JSONResponse(NO_QUERY, 400)
        return JSONResponse(PLACEHOLDER if self._mistake is None else await self._executed(self._mistake, asked))

    async def _executed(self, mistake: str, asked: dict[str, Any]) -> dict[str, Any]:
        await asyncio.to_thread(prepared)
        from sandbox.services.supabase.graphql_schema import GUARDS, executed, schema

        return await executed(schema(), None, asked, GUARDS[mistake])
