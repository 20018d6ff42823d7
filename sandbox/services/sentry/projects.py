"""GET /projects/{organization}/{project}/ and /organizations/{organization}/releases/."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.sentry.asking import admit, not_found, page
from sandbox.services.state import State

OF_RELEASES: Final = ("project", "environment", "query", "per_page", "cursor")


class ProjectRoutes:
    """Reads `project` and `releases` of the state."""

    def __init__(self, known: State) -> None:
        self._known = known

    async def project(self, request: Request) -> Response:
        admit(request, self._known, ())
        if request.path_params["project"] not in (self._known["project"]["slug"], self._known["project"]["id"]):
            raise not_found()
        return JSONResponse(self._known["project"])

    async def releases(self, request: Request) -> Response:
        """Newest first, by when Sentry heard of them; `query` is a part of the version."""
        admit(request, self._known, OF_RELEASES)
        part = request.query_params.get("query", "").lower()
        known = [item for item in self._known["releases"].values() if part in item["version"].lower()]
        known.sort(key=lambda item: str(item["dateCreated"]), reverse=True)
        shown, headers = page(known, request, "per_page")
        return JSONResponse(shown, headers=headers)
