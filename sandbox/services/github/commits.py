"""GET /repos/{owner}/{name}/commits/{ref}/check-runs and …/status, page by page."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.github.state import REPOSITORY
from sandbox.services.refusal import Refusal
from sandbox.services.state import State

PAGED: Final = ("per_page", "page")
DEFAULT, MOST = 30, 100
DOCUMENTATION: Final = "https://docs.github.com/rest"


class CommitRoutes:
    """Reads `check_runs` and `statuses` of the state: they are those of the newest commit."""

    def __init__(self, state: State, commits: Sequence[str]) -> None:
        self._state, self._commits = state, commits

    async def check_runs(self, request: Request) -> Response:
        """With `filter=latest`, which is usual, only the newest of each name in each suite."""
        commit = self._commit(request, "check_name", "status", "filter", "app_id")
        known = [{**item, "head_sha": commit} for item in self._items("check_runs", commit)]
        query = request.query_params
        if query.get("filter", "latest") == "latest":
            ordered = sorted(known, key=lambda item: int(item["id"]))
            known = list({(item["name"], item["check_suite"]["id"]): item for item in ordered}.values())
        for name, key in (("check_name", "name"), ("status", "status")):
            known = [item for item in known if name not in query or item[key] == query[name]]
        shown, links = _page(request, known)
        return JSONResponse({"total_count": len(known), "check_runs": shown}, headers=links)

    async def status(self, request: Request) -> Response:
        """The newest status of each context, and what they come to together."""
        commit = self._commit(request)
        known = self._items("statuses", commit)
        states = {item["state"] for item in known}
        together = "failure" if states & {"failure", "error"} else "success" if states == {"success"} else "pending"
        shown, links = _page(request, known)
        body = {"state": together, "sha": commit, "total_count": len(known), "statuses": shown}
        return JSONResponse(body, headers=links)

    def _items(self, kind: str, commit: str) -> list[dict[str, Any]]:
        present = [item for item in self._state[kind].values() if not item.get("absent")]
        return present if commit == self._commits[0] else []

    def _commit(self, request: Request, *parameters: str) -> str:
        """Of the path. GitHub itself takes parameters that it does not know; here nobody should send any."""
        if "{owner}/{name}".format_map(request.path_params) != REPOSITORY:
            raise _refused(404, "Not Found")
        unknown = [name for name in request.query_params if name not in (*PAGED, *parameters)]
        if unknown:
            raise _refused(422, f"Validation Failed: {unknown[0]}")
        ref = request.path_params["ref"]
        found = [commit for commit in self._commits if commit == ref or (ref == "main" and commit == self._commits[0])]
        if not found:
            raise _refused(422, f"No commit found for SHA: {ref}")
        return found[0]


def _page(request: Request, items: Sequence[dict[str, Any]]) -> tuple[Sequence[dict[str, Any]], dict[str, str]]:
    """One page, and the header that names the next."""
    size, number = (_number(request, name, default) for name, default in (("per_page", DEFAULT), ("page", 1)))
    size = min(max(size, 1), MOST)
    shown = items[(number - 1) * size : number * size]
    if number * size >= len(items):
        return shown, {}
    following = request.url.include_query_params(per_page=size, page=number + 1)
    return shown, {"link": f'<{following}>; rel="next"'}


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdigit():
        raise _refused(422, f"Validation Failed: {name}")
    return int(text)


def _refused(status: int, message: str) -> Refusal:
    return Refusal(status, {"message": message, "documentation_url": DOCUMENTATION, "status": str(status)})
