"""GET /v4/aliases and /v2/deployments/{id}/aliases."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.vercel.paging import documented, not_found, page
from sandbox.services.vercel.state import State


class AliasRoutes:
    """Reads `aliases`, `rollback_aliases` and `deployments` of the state."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def aliases(self, request: Request) -> Response:
        """With `rollbackDeploymentId`: only the aliases that a rollback to that deployment would move."""
        documented(request, "domain", "from", "limit", "projectId", "since", "until", "rollbackDeploymentId")
        query = request.query_params
        known = [item for uid in self._state["aliases"] for item in self._held(uid)]
        if target := query.get("rollbackDeploymentId"):
            moved = self._state["rollback_aliases"].get(self._deployment(target)["uid"], [])
            known = [item for item in known if item["alias"] in moved]
        for name, key in (("projectId", "projectId"), ("domain", "alias")):
            if name in query:
                known = [item for item in known if item[key] in query.getlist(name)]
        shown, pagination = page(known, "createdAt", query)
        return JSONResponse({"aliases": shown, "pagination": pagination})

    async def of_deployment(self, request: Request) -> Response:
        documented(request)
        uid = self._deployment(request.path_params["deployment"])["uid"]
        shown = [{key: item[key] for key in ("uid", "alias", "created")} for item in self._held(uid)]
        return JSONResponse({"aliases": shown})

    def _deployment(self, uid: str) -> dict[str, Any]:
        found: dict[str, Any] | None = self._state["deployments"].get(uid)
        if found is None:
            raise not_found("The deployment could not be found")
        return found

    def _held(self, uid: str) -> list[dict[str, Any]]:
        """Aliases that serve a deployment now; no two have the same time, or paging by time would lose one."""
        deployment, names = self._deployment(uid), self._state["aliases"].get(uid, [])
        return [_alias(name, deployment, deployment["createdAt"] + place) for place, name in enumerate(names)]


def _alias(name: str, deployment: dict[str, Any], created_ms: int) -> dict[str, Any]:
    created = datetime.fromtimestamp(created_ms / 1000, UTC).isoformat(timespec="milliseconds")
    return {
        "uid": f"alias_{name}", "alias": name, "created": created.replace("+00:00", "Z"), "createdAt": created_ms,
        "deploymentId": deployment["uid"], "projectId": deployment["projectId"], "redirect": None,
        "redirectStatusCode": None, "deployment": {"id": deployment["uid"], "url": deployment["url"]},
    }  # fmt: skip
