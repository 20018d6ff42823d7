"""What every route of Sentry's is asked: whose data, which parameters, and which page of a list."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from starlette.requests import Request

from sandbox.services.refusal import Refusal
from sandbox.services.state import State

UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
LARGEST_PAGE: Final = 100
Item = dict[str, Any]


def admit(request: Request, known: State, parameters: Collection[str]) -> None:
    """Refuse another organization or project, an environment that no event named, and parameters that do not exist."""
    query, path = request.query_params, request.path_params
    if path["organization"] not in (known["organization"]["slug"], known["organization"]["id"]):
        raise not_found()
    unknown = [name for name in query if name not in parameters]
    if unknown:
        raise bad_request(f"Unknown parameter: {unknown[0]}")
    for project in query.getlist("project"):
        if project not in (known["project"]["id"], known["project"]["slug"]):
            raise Refusal(403, {"detail": "You do not have permission to perform this action."})
    for environment in query.getlist("environment"):
        if environment not in known["environments"]:
            raise not_found()


def page(items: Sequence[Item], request: Request, name: str) -> tuple[list[Item], dict[str, str]]:
    """One page of a list and its `Link` header; `name` is the parameter that says how long a page is."""
    query = request.query_params
    size = whole_number(query.get(name, str(LARGEST_PAGE)), name)
    if not 1 <= size <= LARGEST_PAGE:
        raise bad_request(f"{name} must be between 1 and {LARGEST_PAGE}")
    begin = _offset(query.get("cursor", "0:0:0"))
    before, after = max(0, begin - size), begin + size
    links = [
        _link(request, "previous", begin > 0, f"0:{before}:1"),
        _link(request, "next", after < len(items), f"0:{after}:0"),
    ]
    return list(items[begin:after]), {"link": ", ".join(links)}


def period(request: Request, now: datetime, default: str) -> tuple[datetime, datetime]:
    """The span that `statsPeriod`, or else `start` and `end`, names."""
    query = request.query_params
    if "statsPeriod" not in query and "start" in query and "end" in query:
        begins, ends = _moment(query["start"]), _moment(query["end"])
        if begins >= ends:
            raise bad_request("start must be before end")
        return begins, ends
    return now - duration(query.get("statsPeriod", default)), now


def duration(text: str) -> timedelta:
    """`24h` and the like."""
    if text[-1:] not in UNITS or not text[:-1].isdigit():
        raise bad_request(f"Invalid statsPeriod: '{text}'")
    return timedelta(seconds=int(text[:-1]) * UNITS[text[-1]])


def whole_number(text: str, name: str) -> int:
    """A parameter as an int; 400 when it is not one."""
    if not text.isdigit():
        raise bad_request(f"{name}: A valid integer is required.")
    return int(text)


def bad_request(message: str) -> Refusal:
    """Sentry's 400."""
    return Refusal(400, {"detail": message})


def not_found() -> Refusal:
    """Sentry's 404."""
    return Refusal(404, {"detail": "The requested resource does not exist"})


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise bad_request("start and end are required to be valid dates") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _offset(cursor: str) -> int:
    parts = cursor.split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        raise bad_request("Invalid cursor parameter.")
    return int(parts[1])


def _link(request: Request, rel: str, results: bool, cursor: str) -> str:
    url = request.url.include_query_params(cursor=cursor)
    return f'<{url}>; rel="{rel}"; results="{str(results).lower()}"; cursor="{cursor}"'
