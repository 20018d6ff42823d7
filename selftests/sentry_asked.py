"""Sentry as the self-tests ask it: our questions, the published shapes, and the stand-in at Sentry's address."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fixtures import Secret
from fixtures.engine.api import Api
from fixtures.engine.http import Http
from fixtures.sentry.errors import Asked, read_rates
from fixtures.sentry.issues import Kind, Search, read_issues
from fixtures.sentry.project import Monitored, Released, read_project, read_release
from fixtures.sentry.sessions import Promised, read_sessions
from sandbox.services.sentry import _application
from sandbox.services.sentry.state import state
from selftests.answered_here import Serve, answering

SHAPES: dict[str, Any] = json.loads(Path(__file__).with_name("sentry_shapes.json").read_text(encoding="utf-8"))
TOKEN = "sntryu_not_a_secret"
NOW = datetime.now(UTC)
OCEAN = Monitored(id="4507000000000001", slug="ocean-web", first_event=NOW - timedelta(days=90))
ASKED = Asked(
    organization="ocean", project=OCEAN, environment="production", baseline=timedelta(days=7), ratio=2.0, least=20,
    release=Released(version="ocean-web@4.7.0", moment=NOW - timedelta(hours=2)),
)  # fmt: skip
PROMISED = Promised(organization="ocean", project=OCEAN, environment="production", hours=24, floor=99.0, least=50)
SEARCH = Search(organization="ocean", project=OCEAN, environment="production", hours=24, least=1)
HOST = "https://us.sentry.io/api/0"
LOOKS: dict[str, Callable[[Api], Awaitable[object]]] = {
    "project": lambda api: read_project(api, "ocean", "ocean-web"),
    "releases": lambda api: read_release(api, "ocean", OCEAN, "production"),
    "events": lambda api: read_rates(api, ASKED, NOW),
    "sessions": lambda api: read_sessions(api, PROMISED, None),
    "issues": lambda api: read_issues(api, SEARCH, Kind("new")),
}


def api(token: str = TOKEN) -> Api:
    return Api(Http(), "Sentry", HOST, Secret("SENTRY_TOKEN", token))


def look(name: str, token: str = TOKEN) -> Any:
    async def looked() -> object:
        return await LOOKS[name](api(token))

    return asyncio.run(looked())


def standing_in() -> AbstractContextManager[Serve]:
    """What serves a patched stand-in at Sentry's address, and returns the router, which notes what is asked."""
    return answering("us.sentry.io", lambda patches: _application(TOKEN, state(patches)))
