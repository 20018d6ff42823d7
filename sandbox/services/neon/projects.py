"""GET /projects, /projects/{id} and what belongs to a project."""

import time
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.neon.asking import Item, admit, refusal, whole_number
from sandbox.services.neon.state import DAY, branch, endpoint, project, whole
from sandbox.services.neon.tokens import admit_organization, may_see
from sandbox.services.state import State, iso

PAGE: Final = {"cursor": ".+", "limit": "[0-9]+"}
OF_PROJECTS: Final = {
    **PAGE, "search": ".*", "org_id": "[a-z0-9-]{1,60}", "timeout": "[0-9]+", "recoverable": "true|false",
}  # fmt: skip
OF_BRANCHES: Final = {
    **PAGE, "search": ".*", "sort_by": "name|created_at|updated_at", "sort_order": "asc|desc",
    "include_deleted": "true|false",
}  # fmt: skip
LARGEST_PAGE: Final = 400
SYNTHETIC: Final = "tenant-"


class ProjectRoutes:
    """Reads `projects` of the state, and what is kept by project."""

    def __init__(self, known: State) -> None:
        self._known = known
        self._born = time.time() - 30 * DAY
        self._unavailable = int(known["unavailable_times"])
        made = [f"{SYNTHETIC}{number:05}" for number in range(1, int(known["synthetic_projects"]) + 1)]
        self._ids = sorted({*known["projects"], *made})

    async def projects(self, request: Request) -> Response:
        """One page, by id. The last that has a project names a next one too, which is empty."""
        query = admit(request, OF_PROJECTS)
        admit_organization(self._known, query.get("org_id"))
        limit = whole_number(query, "limit", 10, LARGEST_PAGE)
        if "timeout" in query and not 100 <= int(query["timeout"]) <= 30000:
            raise refusal(400, 'request parameters error: parameter "timeout": number must be between 100 and 30000')
        begin = bisect_right(self._ids, query.get("cursor", "")) if self._known["cursors"] == "on" else 0
        shown = self._shown(begin, limit, query)
        missing = self._late(shown)
        told = [self._told(item) for item in shown if item["id"] not in missing]
        answer: Item = {"projects": told, "applications": {}, "integrations": {}}
        if missing:
            answer["unavailable_project_ids"] = missing
        if shown:
            answer["pagination"] = {"cursor": shown[-1]["id"]}
        return JSONResponse(answer)

    def _shown(self, begin: int, limit: int, query: dict[str, str]) -> list[Item]:
        part, deleted = query.get("search", ""), query.get("recoverable") == "true"
        found: list[Item] = []
        for key in self._ids[begin:]:
            item = self._item(key)
            if item and _is_listed(item, deleted) and (part in item["id"] or part in item["name"]):
                found.append(item)
            if len(found) == limit:
                break
        return found

    def _told(self, item: Item) -> Item:
        return {name: value for name, value in item.items() if name not in self._known["unsaid"]}

    def _late(self, shown: Sequence[Item]) -> list[str]:
        late = [item["id"] for item in shown if item["id"] in self._known["unavailable"]]
        if not late or self._unavailable <= 0:
            return []
        self._unavailable -= 1
        return late

    def _item(self, key: str) -> Item | None:
        if key in self._known["projects"]:
            found: Item = self._known["projects"][key]
            return found
        return project(key, key, self._born) if key in self._ids and key.startswith(SYNTHETIC) else None

    async def project(self, request: Request) -> Response:
        admit(request, {})
        return JSONResponse({"project": whole(self._asked(request))})

    async def branches(self, request: Request) -> Response:
        """Sorted as asked; `pagination.next` names the next page when there is one."""
        query = admit(request, OF_BRANCHES)
        items = self._belonging(request, "branches")
        order = query.get("sort_by", "updated_at")
        items.sort(key=lambda item: (item[order], item["id"]), reverse=query.get("sort_order", "desc") == "desc")
        begin = next((n + 1 for n, item in enumerate(items) if item["id"] == query.get("cursor")), 0)
        after = begin + whole_number(query, "limit", 10000, 10000)
        following = {"next": items[after - 1]["id"]} if after < len(items) else {}
        sort = {"sort_by": order, "sort_order": query.get("sort_order", "desc")}
        return JSONResponse({"branches": items[begin:after], "annotations": {}, "pagination": {**following, **sort}})

    async def endpoints(self, request: Request) -> Response:
        admit(request, {})
        return JSONResponse({"endpoints": self._belonging(request, "endpoints")})

    async def operations(self, request: Request) -> Response:
        admit(request, PAGE)
        return JSONResponse({"operations": self._belonging(request, "operations")})

    async def snapshots(self, request: Request) -> Response:
        admit(request, {})
        return JSONResponse({"snapshots": self._belonging(request, "snapshots")})

    def _asked(self, request: Request) -> Item:
        """The project that the path names; one that is deleted is not there."""
        key = request.path_params["project"]
        found = self._item(key) if may_see(self._known, key) else None
        if found is None or "deleted_at" in found:
            raise refusal(404, "project not found")
        return found

    def _belonging(self, request: Request, what: str) -> list[Item]:
        key: str = self._asked(request)["id"]
        if not key.startswith(SYNTHETIC):
            return list(self._known[what].get(key, {}).values())
        made: dict[str, Any] = {
            "branches": [branch(key, f"br-{key}", self._born)], "endpoints": [endpoint(key, key, self._born)],
        }  # fmt: skip
        return list(made.get(what, []))


def _is_listed(item: Item, deleted: bool) -> bool:
    """Among those that are there, or among those that are deleted and can be brought back."""
    return item.get("recoverable_until", "") > iso(time.time()) if deleted else "deleted_at" not in item
