"""Ocean's frontend as Vercel serves it: two health pages, the GraphQL route, and a single-page app for all else."""

from typing import Final

import psycopg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.services.database import ANON, acting_as
from sandbox.services.release import COMMIT, VERSION
from sandbox.services.service import Service, World
from sandbox.world import Databases

INDEX: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Ocean</title><script type="module" src="/assets/index.js"></script></head>
<body><div id="root"></div></body>
</html>
"""


class GraphqlRoute:
    """`/api/graphql`: passes the request on to the Edge Function graphql-v2 and its answer back."""

    def __init__(self, gateway: ASGIApp) -> None:
        self._gateway = gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = "/functions/v1/graphql-v2"
        await self._gateway({**scope, "path": path, "raw_path": path.encode(), "root_path": ""}, receive, send)


class HealthRoutes:
    """`/health` says which release answers; `/api/health` also asks the database."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases

    async def frontend(self, request: Request) -> Response:
        return JSONResponse({"status": "ok", "version": VERSION, "commit": COMMIT})

    async def api(self, request: Request) -> Response:
        try:
            async with acting_as(self._databases, ANON) as connection:
                await connection.execute("select 1")
        except psycopg.Error:
            return JSONResponse({"status": "degraded", "database": "unreachable"}, 503)
        return JSONResponse({"status": "ok", "database": "ok"})


async def single_page_app(request: Request) -> Response:
    """The rewrite to index.html: every unknown path answers 200 with HTML, also one that should be an API."""
    return HTMLResponse(INDEX)


async def to_https(request: Request) -> Response:
    """What Vercel answers to every request without TLS: the same address with https, for good."""
    return RedirectResponse(str(request.url.replace(scheme="https", netloc=request.url.hostname)), 308)


def service(world: World) -> Service:
    """The frontend, over TLS; the Supabase gateway serves its Edge Functions."""

    def variables(url: str, plain: str) -> dict[str, str]:
        return {"OCEAN_URL": url, "OCEAN_PLAIN_URL": plain, "OCEAN_CA": str(world.certificates.authority)}

    plain = Starlette(routes=[Route("/{path:path}", to_https)])
    return Service(_application(world.databases, world.application("supabase")), variables, secure=True, plain=plain)


def _application(databases: Databases, gateway: ASGIApp) -> ASGIApp:
    health = HealthRoutes(databases)
    return Starlette(
        routes=[
            Route("/health", health.frontend),
            Route("/api/health", health.api),
            Route("/api/graphql", GraphqlRoute(gateway)),
            Route("/{path:path}", single_page_app),
        ]
    )
