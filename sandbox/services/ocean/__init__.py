"""Ocean's frontend as Vercel serves it: two health pages, the GraphQL route, and a single-page app for all else."""

from pathlib import Path
from typing import Final, LiteralString

import psycopg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.bundle import FOLDER
from sandbox.services.database import ANON, acting_as
from sandbox.services.ocean.assets import Assets
from sandbox.services.ocean.protection import Protected, headers
from sandbox.services.ocean.redirection import Redirecting
from sandbox.services.release import VERSION, live_commit
from sandbox.services.service import Service, World
from sandbox.world import Databases


class GraphqlRoute:
    """`/api/graphql`: passes the request on to the Edge Function graphql-v2 and its answer back."""

    def __init__(self, gateway: ASGIApp) -> None:
        self._gateway = gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = "/functions/v1/graphql-v2"
        await self._gateway({**scope, "path": path, "raw_path": path.encode(), "root_path": ""}, receive, send)


WRITING: Final = "create temporary table visit (at timestamptz) on commit drop"
"""A write that leaves nothing."""


class HealthRoutes:
    """`/health` says which release answers; `/api/health` also asks the database.

    Switch `health`: "writes" (the API's tries to write), "counts" (the frontend's counts visitors in the database).
    """

    def __init__(self, databases: Databases, commit: str, mistake: str = "") -> None:
        self._databases, self._commit, self._mistake = databases, commit, mistake

    async def frontend(self, request: Request) -> Response:
        if self._mistake == "counts" and not await self._answers(WRITING):
            return JSONResponse({"status": "error"}, 500)
        return JSONResponse({"status": "ok", "version": VERSION, "commit": self._commit})

    async def api(self, request: Request) -> Response:
        if await self._answers(WRITING if self._mistake == "writes" else "select 1"):
            return JSONResponse({"status": "ok", "database": "ok"})
        return JSONResponse({"status": "degraded", "database": "unreachable"}, 503)

    async def _answers(self, statement: LiteralString) -> bool:
        try:
            async with acting_as(self._databases, ANON) as connection:
                await connection.execute(statement)
        except psycopg.Error:
            return False
        return True


def service(world: World) -> Service:
    """The frontend, over TLS; the Supabase gateway serves its Edge Functions."""

    def variables(url: str, plain: str) -> dict[str, str]:
        return {"OCEAN_URL": url, "OCEAN_PLAIN_URL": plain, "OCEAN_CA": str(world.certificates.authority)}

    mistake = str(world.switches.get("health", ""))
    health = HealthRoutes(world.databases, live_commit(world.checkout, world.patches("vercel")), mistake)
    routed = _application(health, world.application("supabase"), world.checkout / FOLDER)
    plain = Redirecting(world.patches("ocean"))
    return Service(Protected(routed, headers(world.patches("ocean"))), variables, secure=True, plain=plain)


def _application(health: HealthRoutes, gateway: ASGIApp, folder: Path) -> ASGIApp:
    return Starlette(
        routes=[
            Route("/health", health.frontend),
            Route("/api/health", health.api),
            Route("/api/graphql", GraphqlRoute(gateway)),
            Route("/{path:path}", Assets(folder).serve),
        ]
    )
