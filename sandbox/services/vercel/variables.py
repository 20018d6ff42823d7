"""GET /v10/projects/{idOrName}/env, in the two shapes of its lists, and /v1/env, what the team shares."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.vercel.paging import documented
from sandbox.services.vercel.projects import named_project
from sandbox.services.vercel.state import State

SHARED = ("search", "projectId", "ids", "exclude_ids", "exclude-ids", "exclude_projectId", "exclude-projectId")
PARAMETERS = ("decrypt", "gitBranch", "source", "customEnvironmentId", "customEnvironmentSlug")


class VariableRoutes:
    """Reads `variables`, `hidden_variables` and `shared_variables` of the state."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def variables(self, request: Request) -> Response:
        """Variables that the token may not see are only counted, if there are any."""
        named_project(request)
        documented(request, *PARAMETERS)
        known = [item for item in self._state["variables"].values() if item.get("key")]
        if hidden := self._state["hidden_variables"]:
            return JSONResponse({"envs": known, "hiddenProductionEnvCount": hidden})
        return JSONResponse({"envs": known, "pagination": {"count": len(known), "next": None, "prev": None}})

    async def shared(self, request: Request) -> Response:
        """Those of the team, or, with `projectId`, those that this project is linked to."""
        documented(request, *SHARED)
        wanted = request.query_params.get("projectId")
        known = [item for item in self._state["shared_variables"].values() if wanted in (None, *item["projectId"])]
        return JSONResponse({"data": known, "pagination": {"count": len(known), "next": None, "prev": None}})
