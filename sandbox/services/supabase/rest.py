"""`/rest/v1`: reading and writing tables as PostgREST does, each request in a transaction as its caller."""

from typing import Final

import psycopg
from psycopg import sql
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.services.database import Caller, Connection, acting_as
from sandbox.services.refusal import Refusal
from sandbox.services.supabase.keys import Keys
from sandbox.services.supabase.rest_errors import database_refusal, refusal
from sandbox.services.supabase.rest_query import Question, profile_header, question
from sandbox.services.supabase.rest_writing import Writing, writing
from sandbox.world import Databases

JSON: Final = "application/json; charset=utf-8"
ONE_ROW: Final = "application/vnd.pgrst.object+json"
SCHEMAS: Final = ("public", "graphql_public")
"""As in Ocean's config.toml; the first is meant where no header names one."""
OFFERED: Final = ("GET", "HEAD", "POST", "PATCH")
METHODS: Final = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]


def rest_routes(keys: Keys, databases: Databases) -> list[Route]:
    """The root, and the tables and views of the exposed schemas."""
    tables = Tables(keys, databases)
    return [Route("/", tables.root), Route("/{table}", tables.rows, methods=METHODS)]


class Tables:
    """Answers `/<table>?select=&<column>=eq.<value>&order=&limit=&offset=`: GET, HEAD, POST and PATCH."""

    def __init__(self, keys: Keys, databases: Databases) -> None:
        self._keys = keys
        self._databases = databases

    async def root(self, request: Request) -> Response:
        """The OpenAPI description: secret keys only, since 2026-04-08; so it is no health probe."""
        if self._keys.role(request) != "service_role":
            raise Refusal(401, {"message": "Access to schema is forbidden", "hint": "A secret API key may."})
        return Response('{"swagger":"2.0","info":{"title":"standard public schema"},"paths":{}}', 200, media_type=JSON)

    async def rows(self, request: Request) -> Response:
        caller = self._keys.caller(request)
        if request.method not in OFFERED:
            raise refusal(405, "SANDBOX", f"The sandbox's /rest/v1 offers {', '.join(OFFERED)}")
        if request.headers.get(profile_header(request), SCHEMAS[0]) not in SCHEMAS:
            raise refusal(406, "PGRST106", f"The schema must be one of the following: {', '.join(SCHEMAS)}")
        try:
            if request.method in ("POST", "PATCH"):
                return await self._change(request, caller, await writing(request))
            return await self._answer(request, caller, question(request))
        except psycopg.Error as error:
            raise database_refusal(error, caller.role) from error

    async def _answer(self, request: Request, caller: Caller, asked: Question) -> Response:
        async with acting_as(self._databases, caller) as connection:
            await _demand_table(connection, asked)
            cursor = await connection.execute(asked.rows())
            body, count = await cursor.fetchone() or ("[]", 0)
            total = await _total(connection, asked) if "count=exact" in request.headers.get("prefer", "") else None
        if ONE_ROW in request.headers.get("accept", ""):
            return _one_row(body, count)
        span = f"{asked.offset}-{asked.offset + count - 1}" if count else "*"
        status = 206 if total is not None and count < total else 200
        return Response(body, status, {"content-range": f"{span}/{'*' if total is None else total}"}, JSON)

    async def _change(self, request: Request, caller: Caller, wanted: Writing) -> Response:
        async with acting_as(self._databases, caller) as connection:
            await _demand_table(connection, wanted.asked)
            cursor = await connection.execute(wanted.statement)
            body, count = (await cursor.fetchone() or ("[]", 0)) if wanted.represents else ("", cursor.rowcount)
            if wanted.represents and ONE_ROW in request.headers.get("accept", ""):
                return _one_row(body, count)  # a refusal also undoes the change
        return Response(body, wanted.status, {"content-range": "*/*"}, JSON if body else None)


async def _demand_table(connection: Connection, asked: Question) -> None:
    found = await connection.execute(
        "select 1 from pg_catalog.pg_class where relname = %s and relkind in ('r', 'p', 'v', 'm', 'f')"
        " and relnamespace = %s::regnamespace",
        (asked.table, asked.schema),
    )
    if await found.fetchone() is None:
        raise refusal(404, "PGRST205", f"Could not find the table '{asked.schema}.{asked.table}' in the schema cache")


async def _total(connection: Connection, asked: Question) -> int:
    cursor = await connection.execute(sql.SQL("select count(*) from {}").format(asked.source()))
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


def _one_row(body: str, count: int) -> Response:
    if count != 1:
        details = f"The result contains {count} rows"
        raise refusal(406, "PGRST116", "Cannot coerce the result to a single JSON object", details)
    return Response(body.strip()[1:-1], 200, media_type=f"{ONE_ROW}; charset=utf-8")
