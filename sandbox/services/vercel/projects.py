"""GET /v9/projects/{idOrName}, its domains, its rolling release, and its last promotion."""

from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.vercel.names import PROJECT_ID, PROJECT_NAME
from sandbox.services.vercel.paging import documented, not_found, page
from sandbox.services.vercel.state import State

PAGED: Final = ("limit", "since", "until")
# Query parameter "true" or "false" -> what it asks about a domain.
DOMAIN_FILTERS: Final[dict[str, Callable[[dict[str, Any]], bool]]] = {
    "verified": lambda item: bool(item["verified"]),
    "redirects": lambda item: item.get("redirect") is not None,
    "production": lambda item: item.get("gitBranch") is None and item.get("customEnvironmentId") is None,
}


class ProjectRoutes:
    """Reads `project`, `domains`, `rolling_release` and `promote_aliases` of the state."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def project(self, request: Request) -> Response:
        named_project(request)
        documented(request)
        return JSONResponse(self._state["project"])

    async def domains(self, request: Request) -> Response:
        named_project(request)
        documented(request, *PAGED, *DOMAIN_FILTERS, "target", "order", "gitBranch", "customEnvironmentId")
        query, known = request.query_params, self._state["domains"].values()
        asked = [(tells, query[name] == "true") for name, tells in DOMAIN_FILTERS.items() if name in query]
        passing = [item for item in known if all(tells(item) == wanted for tells, wanted in asked)]
        shown, pagination = page(passing, "createdAt", query)
        return JSONResponse({"domains": shown, "pagination": pagination})

    async def rolling_release(self, request: Request) -> Response:
        named_project(request)
        documented(request, "state")
        release = self._state["rolling_release"] or None
        wanted = request.query_params.get("state")
        if release is not None and wanted not in (None, release["state"]):
            release = None
        return JSONResponse({"rollingRelease": release})

    async def promote_aliases(self, request: Request) -> Response:
        named_project(request)
        documented(request, *PAGED, "failedOnly")
        known = self._state["promote_aliases"]
        if request.query_params.get("failedOnly") == "true":
            known = [item for item in known if item["status"] == "failed"]
        return JSONResponse({"aliases": known, "pagination": {"count": len(known), "next": None, "prev": None}})


def named_project(request: Request) -> None:
    """404 for another project than Ocean's."""
    if request.path_params["project"] not in (PROJECT_ID, PROJECT_NAME):
        raise not_found("Project not found")
