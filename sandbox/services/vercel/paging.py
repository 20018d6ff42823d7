"""Pages of a list, newest first, as Vercel cuts them: `limit`, `since`, `until`, and `pagination.next`."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.datastructures import QueryParams
from starlette.requests import Request

from sandbox.services.refusal import Refusal

DEFAULT_LIMIT: Final = 20
MAXIMUM_LIMIT: Final = 100

Item = dict[str, Any]


def page(items: Sequence[Item], time_key: str, query: QueryParams) -> tuple[list[Item], dict[str, Any]]:
    """The items of one page and its `pagination`; the next page is asked for with `until=<next>`."""
    limit = whole_number(query, "limit", DEFAULT_LIMIT)
    if not 1 <= limit <= MAXIMUM_LIMIT:
        raise bad_request(f"limit must be between 1 and {MAXIMUM_LIMIT}")
    since, until = whole_number(query, "since", -1), whole_number(query, "until", 2**62)
    within = [item for item in items if since < item[time_key] < until]
    within.sort(key=lambda item: int(item[time_key]), reverse=True)
    shown = within[:limit]
    following = shown[-1][time_key] if len(within) > limit else None
    return shown, {"count": len(shown), "next": following, "prev": shown[0][time_key] if shown else None}


def whole_number(query: QueryParams, name: str, default: int) -> int:
    """A query parameter as an int; 400 when it is not one."""
    try:
        return int(query.get(name, default))
    except ValueError:
        raise bad_request(f"{name} must be a number") from None


def documented(request: Request, *parameters: str) -> None:
    """400 for a query parameter that is not documented here; `teamId` and `slug` name the team everywhere."""
    for name in request.query_params:
        if name not in (*parameters, "teamId", "slug"):
            raise bad_request(f"Invalid request: should NOT have additional property `{name}`.")


def bad_request(message: str) -> Refusal:
    """Vercel's 400."""
    return Refusal(400, {"error": {"code": "bad_request", "message": message}})


def not_found(message: str) -> Refusal:
    """Vercel's 404."""
    return Refusal(404, {"error": {"code": "not_found", "message": message}})
