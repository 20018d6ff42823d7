"""The deployments themselves: each answers at an address of its own, to those who may pass its protection."""

import secrets
from typing import Any, Final

import psycopg
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from sandbox.services.database import ANON, acting_as
from sandbox.services.vercel.state import State
from sandbox.world import Databases

LOGIN: Final = "<!doctype html><title>Authentication Required</title><p>This page requires Vercel authentication."
PAGE: Final = "<!doctype html><title>Ocean</title><div id=root></div>"


class Served:
    """Answers below `/deployments/{uid}`. Reads `deployments`, `project` and `health` of the state.

    A deployment is a build of the frontend: its functions ask the database as it is today.
    """

    def __init__(self, state: State, databases: Databases, bypass: str) -> None:
        self._state, self._databases, self._bypass = state, databases, bypass

    async def answer(self, request: Request) -> Response:
        """What a deployment answers, or Vercel in its place."""
        deployment = self._state["deployments"].get(request.path_params["uid"])
        if deployment is None:
            return _of_vercel(404, "DEPLOYMENT_NOT_FOUND")
        if self._is_protected() and not self._passes(request):
            return HTMLResponse(LOGIN, 401)
        if deployment["readyState"] != "READY":
            return _of_vercel(410 if deployment["readyState"] == "DELETED" else 404, "DEPLOYMENT_NOT_READY")
        return await self._own(deployment, request.path_params["path"])

    async def _own(self, deployment: dict[str, Any], path: str) -> Response:
        if path == "health":
            healthy = {"status": "ok", "commit": deployment["meta"]["githubCommitSha"]}
            said = healthy | self._state["health"].get(deployment["uid"], {})
            return JSONResponse(said, 200 if said["status"] == "ok" else 503)
        return await self._database() if path == "api/health" else HTMLResponse(PAGE)

    async def _database(self) -> Response:
        try:
            async with acting_as(self._databases, ANON) as connection:
                await connection.execute("select 1")
        except psycopg.Error:
            return JSONResponse({"status": "degraded", "database": "unreachable"}, 503)
        return JSONResponse({"status": "ok", "database": "ok"})

    def _is_protected(self) -> bool:
        return bool(self._state["project"].get("ssoProtection"))

    def _passes(self, request: Request) -> bool:
        said = request.headers.get("x-vercel-protection-bypass", "")
        return secrets.compare_digest(said.encode(), self._bypass.encode())


def _of_vercel(status: int, code: str) -> Response:
    return PlainTextResponse(f"{code}\n", status, {"x-vercel-error": code})
