"""Neon as the self-tests ask it: our questions, the published shapes, and the stand-in at Neon's address."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from fixtures import Secret
from fixtures.engine.api import Api
from fixtures.engine.http import Http
from fixtures.neon.api import NeonApi
from fixtures.neon.branches import look_at
from fixtures.neon.pace import Pace
from fixtures.neon.projects import read_deleted, read_each, read_projects
from sandbox.services.neon import _application
from sandbox.services.neon.state import ORGANIZATION, state
from selftests.answered_here import Serve, answering

SHAPES: dict[str, Any] = json.loads(Path(__file__).with_name("neon_shapes.json").read_text(encoding="utf-8"))
TOKEN = "napi_not_a_secret"
HOST = "https://console.neon.tech/api/v2"
ATOLL = "seed-atoll-charter"
LOOKS: dict[str, Callable[[Api], Awaitable[Any]]] = {
    "projects": lambda api: read_projects(api, ORGANIZATION),
    "project": lambda api: read_each(api, [ATOLL], "a test"),
}
"""By the name of the shape. What is asked of each project apart is in `look_at`, which tells instead of raising."""


def api(token: str = TOKEN, pace: Pace | None = None) -> NeonApi:
    return NeonApi(Http(), HOST, Secret("NEON_API_KEY", token), pace or Pace(()))


def look(name: str, token: str = TOKEN) -> Any:
    async def looked() -> Any:
        return await LOOKS[name](api(token))

    return asyncio.run(looked())


def look_into(*projects: str) -> Any:
    return asyncio.run(look_at(api(), projects, len(projects)))


def deleted() -> Any:
    return asyncio.run(read_deleted(api(), ORGANIZATION))


async def at_once(asked: Callable[[], Awaitable[Any]], *, within: float, every: float) -> Any:
    """Asking again as often, without waiting."""
    for _ in range(int(within / every)):
        try:
            return await asked()
        except Exception as problem:
            if getattr(problem, "final", True) or getattr(problem, "pause", 0.0) >= within:
                raise
    return await asked()


def standing_in() -> AbstractContextManager[Serve]:
    """What serves a patched stand-in at Neon's address, and returns the router, which notes what is asked."""
    return answering("console.neon.tech", lambda patches: _application(TOKEN, state(patches)))
