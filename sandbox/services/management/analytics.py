"""/analytics/endpoints: logs by SQL, and statistics of functions."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from starlette.datastructures import QueryParams

from sandbox.services.management import logs
from sandbox.services.management.answering import refused
from sandbox.services.state import State

INTERVALS: Final = ("15min", "1hr", "3hr", "1day")
LONGEST: Final = timedelta(hours=24)
MOST_ROWS: Final = 1000


class Analytics:
    """Reads `functions`, `statistics` and `logs` of the state."""

    def __init__(self, state: State) -> None:
        self._state = state

    def statistics(self, query: QueryParams) -> dict[str, Any]:
        """Both parameters are required; a function that nobody knows has no rows. [unverified: the latter]"""
        if query.get("interval") not in INTERVALS:
            raise refused(400, f"interval: must be one of {', '.join(INTERVALS)}")
        if not query.get("function_id"):
            raise refused(400, "function_id: Required")
        slugs = [slug for slug, each in self._state["functions"].items() if each["id"] == query["function_id"]]
        return {"result": [row for slug in slugs for row in self._state["statistics"].get(slug, [])]}

    def logs(self, query: QueryParams) -> dict[str, Any]:
        """At most 24 hours, the last minute without both bounds; an error in the SQL is an answer with status 200."""
        start, end = _moment(query, "iso_timestamp_start"), _moment(query, "iso_timestamp_end")
        if start is None or end is None:
            end = datetime.now(UTC)
            start = end - timedelta(minutes=1)
        if end - start > LONGEST:
            raise refused(400, "The time range must not be longer than 24 hours")
        try:
            rows = logs.rows(self._state, query.get("sql", ""), start.timestamp(), end.timestamp())
        except logs.LogError as problem:
            return {"result": [], "error": {"code": 400, "errors": [], "message": str(problem), "status": "INVALID"}}
        return {"result": rows[:MOST_ROWS]}


def _moment(query: QueryParams, name: str) -> datetime | None:
    if name not in query:
        return None
    try:
        found = datetime.fromisoformat(query[name])
    except ValueError:
        raise refused(400, f"{name}: Invalid datetime") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
