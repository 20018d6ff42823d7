"""GET /v7/deployments and /v13/deployments/{idOrUrl}."""

from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.vercel.paging import documented, not_found, page
from sandbox.services.vercel.state import State

Filter = Callable[[dict[str, Any], str], bool]

# Query parameter -> whether a deployment passes it. Preview deployments have no target.
FILTERS: Final[dict[str, Filter]] = {
    "projectId": lambda item, wanted: item["projectId"] == wanted,
    "app": lambda item, wanted: item["name"] == wanted,
    "target": lambda item, wanted: (item["target"] or "preview") == wanted,
    "state": lambda item, wanted: item["readyState"] in wanted.upper().split(","),
    "rollbackCandidate": lambda item, wanted: bool(item["isRollbackCandidate"]) == (wanted == "true"),
    "branch": lambda item, wanted: item["meta"]["githubCommitRef"] == wanted,
    "sha": lambda item, wanted: item["meta"]["githubCommitSha"] == wanted,
}
PARAMETERS: Final = ("projectIds", "limit", "since", "until", "from", "to", "users")


class DeploymentRoutes:
    """Reads `deployments` and `aliases` of the state."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def deployments(self, request: Request) -> Response:
        documented(request, *FILTERS, *PARAMETERS)
        asked = [(FILTERS[name], value) for name, value in request.query_params.items() if name in FILTERS]
        known = self._state["deployments"].values()
        passing = [item for item in known if all(passes(item, value) for passes, value in asked)]
        shown, pagination = page(passing, "created", request.query_params)
        return JSONResponse({"deployments": shown, "pagination": pagination})

    async def deployment(self, request: Request) -> Response:
        documented(request, "withGitRepoInfo")
        wanted = request.path_params["deployment"]
        for item in self._state["deployments"].values():
            if wanted in (item["uid"], item["url"]):
                return JSONResponse(_full(item, self._state["aliases"].get(item["uid"], [])))
        raise not_found("The deployment could not be found")


def _full(item: dict[str, Any], aliases: list[str]) -> dict[str, Any]:
    """The single deployment calls its identity `id`, and lists its aliases."""
    renamed = {key: value for key, value in item.items() if key not in ("uid", "created", "state")}
    return {"id": item["uid"], "alias": aliases, **renamed}
