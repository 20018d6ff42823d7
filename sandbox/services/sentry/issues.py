"""GET /organizations/{organization}/issues/: the part of Sentry's search that asks for state, level and age."""

from datetime import UTC, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.sentry.asking import admit, bad_request, duration, page
from sandbox.services.state import State

PARAMETERS: Final = (
    "project", "environment", "start", "end", "statsPeriod", "groupStatsPeriod", "shortIdLookup", "query", "viewId",
    "sort", "limit", "expand", "collapse", "cursor",
)  # fmt: skip
SORTS: Final = {"date": "lastSeen", "new": "firstSeen", "inbox": "firstSeen"}
LEVELS: Final = ("sample", "debug", "info", "warning", "error", "fatal", "unknown")
STATES: Final = ("resolved", "unresolved", "ignored", "archived")
SUBSTATES: Final = ("new", "ongoing", "escalating", "regressed")
DEFAULT_QUERY: Final = "is:unresolved"


class IssueRoutes:
    """Reads `issues` of the state."""

    def __init__(self, known: State) -> None:
        self._known = known

    async def issues(self, request: Request) -> Response:
        admit(request, self._known, PARAMETERS)
        query = request.query_params
        sort = query.get("sort", "date")
        if sort not in SORTS:
            raise bad_request(f"Sort key '{sort}' not supported.")
        found = list(self._known["issues"].values())
        for word in query.get("query", DEFAULT_QUERY).split():
            found = [item for item in found if _matches(item, word)]
        found.sort(key=lambda item: str(item[SORTS[sort]]), reverse=True)
        shown, headers = page(found, request, "limit")
        return JSONResponse(shown, headers=headers)


def _matches(item: dict[str, Any], word: str) -> bool:
    key, _, wanted = word.partition(":")
    if key == "is" and wanted in STATES:
        return bool(item["status"] == ("ignored" if wanted == "archived" else wanted))
    if key == "is" and wanted in SUBSTATES:
        return bool(item.get("substatus") == wanted)
    if key == "error.unhandled" and wanted in ("true", "false"):
        return bool(item.get("isUnhandled", False)) == (wanted == "true")
    if key == "level" and wanted in LEVELS:
        return bool(item["level"] == wanted)
    if key in ("firstSeen", "lastSeen") and wanted[:1] in ("-", "+"):
        age = datetime.now(UTC) - datetime.fromisoformat(item[key])
        return (age <= duration(wanted[1:])) == (wanted[0] == "-")
    raise bad_request(f"Error parsing search query: '{word}' is not a filter that the sandbox knows")
