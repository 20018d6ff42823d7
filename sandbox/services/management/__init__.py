"""A stand-in for the part of Supabase's Management API that reads one project. It writes nothing, and reveals nothing.

Paths and answers: supabase/cli, packages/api/src/generated/openapi.json (2026-06-01).
"""

from collections.abc import Callable
from typing import Any, Final

from starlette.applications import Starlette
from starlette.datastructures import QueryParams
from starlette.routing import Route

from sandbox.services.management.analytics import Analytics
from sandbox.services.management.answering import Answering, refused
from sandbox.services.management.health import Health
from sandbox.services.management.names import REF
from sandbox.services.management.state import items, state
from sandbox.services.refusal import Refusal, answer_refusal, answer_unrouted
from sandbox.services.service import Service, World
from sandbox.services.state import State

NO_PATH: Final = {"message": "Cannot GET this path"}
READ_ONLY: Final = {"message": "The sandbox's Management API is read-only"}

SAME: Final = {
    "": "project",
    "/readonly": "readonly",
    "/api-keys/legacy": "legacy",
    "/config/auth": "auth",
    "/ssl-enforcement": "ssl",
    "/network-restrictions": "network",
    "/config/database/pooler": "pooler",
    "/config/database/postgres": "postgres",
    "/postgrest": "postgrest",
    "/config/disk/util": "disk",
}
"""Path below the project -> the part of the state that is its answer."""
LISTS: Final = {"/functions": "functions", "/api-keys": "api_keys", "/secrets": "secrets"}
"""Path below the project -> the items of its answer."""


def service(world: World) -> Service:
    """The API for one token and one project."""
    token = world.secrets.token("management", "sbp_", 20)
    known = state(world)
    application = Starlette(
        routes=_routes(known, Answering(token)),
        exception_handlers={
            Refusal: answer_refusal,
            404: answer_unrouted(NO_PATH, READ_ONLY),
            405: answer_unrouted(NO_PATH, READ_ONLY),
        },
    )
    return Service(application, lambda origin: _announced(origin, token))


def _announced(origin: str, token: str) -> dict[str, str]:
    return {"SUPABASE_MANAGEMENT_URL": origin, "SUPABASE_ACCESS_TOKEN": token, "SUPABASE_PROJECT_REF": REF}


def _routes(known: State, answering: Answering) -> list[Route]:
    health, analytics = Health(known), Analytics(known)
    ends: list[tuple[str, Callable[[QueryParams], Any], tuple[str, ...]]] = [
        ("/health", health.services, ("services", "timeout_ms")),
        ("/database/backups", lambda query: known["backups"] | {"backups": items(known["backup"])}, ()),
        ("/config/auth/signing-keys", lambda query: {"keys": items(known["signing_keys"])}, ()),
        (
            "/analytics/endpoints/functions.combined-stats", analytics.statistics, ("interval", "function_id"),
        ),
        ("/analytics/endpoints/logs.all", analytics.logs, ("sql", "iso_timestamp_start", "iso_timestamp_end")),
        *((path, _part(known, name), ()) for path, name in SAME.items()),
        *((path, _list(known, name), ()) for path, name in LISTS.items()),
        *((f"/functions/{slug}", _function(known, slug), ()) for slug in known["functions"]),
    ]  # fmt: skip
    return [
        Route(f"/v1/projects/{{ref}}{path}", answering.endpoint(look, *queries), methods=["GET"])
        for path, look, queries in ends
    ]


def _part(known: State, name: str) -> Callable[[QueryParams], Any]:
    """Legacy keys that are gone are a path that is gone."""

    def look(query: QueryParams) -> Any:
        if known[name].get("absent") if isinstance(known[name], dict) else False:
            raise refused(404, "Not found")
        return known[name]

    return look


def _list(known: State, name: str) -> Callable[[QueryParams], Any]:
    return lambda query: items(known[name])


def _function(known: State, slug: str) -> Callable[[QueryParams], Any]:
    def look(query: QueryParams) -> Any:
        if known["functions"][slug].get("absent"):
            raise refused(404, "Function not found")
        return known["functions"][slug]

    return look
