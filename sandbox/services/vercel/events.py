"""GET /v3/deployments/{idOrUrl}/events: what the build of a deployment wrote."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.vercel.paging import bad_request, not_found, whole_number
from sandbox.services.vercel.state import State

SAID: Final = (
    "Cloning github.com/ocean/ocean (Branch: main)",
    "Running \"npm ci\"",
    "Running \"npm run build\"",
    "Build Completed in /vercel/output [1m]",
)  # fmt: skip


class EventRoutes:
    """Reads `deployments` of the state; a deployment with `events = 0` has none that are kept."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def events(self, request: Request) -> Response:
        """As JSON only: a stream (follow=1) is not served."""
        query, wanted = request.query_params, request.path_params["deployment"]
        if query.get("follow", "0") != "0":
            raise bad_request("the sandbox does not stream: follow must be 0")
        if query.get("direction", "forward") not in ("forward", "backward"):
            raise bad_request("direction must be backward or forward")
        limit = whole_number(query, "limit", 10)
        for item in self._state["deployments"].values():
            if wanted in (item["uid"], item["url"]):
                said = [_event(item, place, text) for place, text in enumerate(SAID)][: item.get("events", len(SAID))]
                ordered = said[::-1] if query.get("direction") == "backward" else said
                return JSONResponse(ordered if limit < 0 else ordered[:limit])
        raise not_found("Deployment not found")


def _event(deployment: dict[str, Any], place: int, text: str) -> dict[str, Any]:
    at = deployment["createdAt"] + 20_000 * place
    payload = {"deploymentId": deployment["uid"], "id": f"{at}{place:04}", "text": text, "date": at, "serial": str(at)}
    return {"type": "stdout", "created": at, "payload": payload}
