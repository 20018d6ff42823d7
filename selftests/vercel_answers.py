"""A client of Vercel's API that does not ask again, and answers for it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import respx

from fixtures import Secret
from fixtures.engine.api import Api, Query, T
from fixtures.engine.http import Http
from fixtures.vercel.deployments import Plan, read_deployments
from fixtures.vercel.project import Project

VERCEL = "https://api.vercel.com"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PROJECT = Project(id="prj", name="ocean", live="dpl_live", live_created=NOW - timedelta(hours=2))
LAST: dict[str, Any] = {"count": 1, "next": None, "prev": None}


class Impatient(Api):
    """Does not ask again: that is seen in test_api.py."""

    async def get(self, path: str, wanted: type[T], query: Query = (), within: float = 0) -> T:
        return await super().get(path, wanted, query, 0)


def api() -> Api:
    return Impatient(Http(), "Vercel", VERCEL, Secret("VERCEL_TOKEN", "not-a-secret"), {"teamId": "team"})


def answers(path: str, *bodies: Any) -> respx.Route:
    return respx.get(VERCEL + path).mock(side_effect=[httpx.Response(200, json=body) for body in bodies])


def deployment(uid: str, hours: float, **more: Any) -> dict[str, Any]:
    created = int((NOW - timedelta(hours=hours)).timestamp() * 1000)
    usual = {
        "url": f"{uid}.vercel.app",
        "readyState": "READY",
        "readySubstate": "PROMOTED",
        "isRollbackCandidate": True,
    }
    return {"uid": uid, "created": created, "ready": created, "meta": {}, **usual, **more}


def deployments(*items: dict[str, Any], plan: Plan | None = None) -> dict[str, tuple[str, ...]]:
    answers("/v7/deployments", {"deployments": list(items), "pagination": LAST})
    return {one.uid: one.obstacles for one in asyncio.run(read_deployments(api(), PROJECT, NOW, plan))}
