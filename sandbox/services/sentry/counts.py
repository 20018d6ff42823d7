"""GET /organizations/{organization}/sessions/ and /events-timeseries/."""

from datetime import UTC, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.services.sentry.asking import admit, bad_request, duration, period, whole_number
from sandbox.services.state import State

SPAN: Final = ("project", "environment", "start", "end", "statsPeriod", "interval", "query")
OF_SESSIONS: Final = (*SPAN, "field", "groupBy", "orderBy", "per_page", "includeTotals", "includeSeries")
OF_EVENTS: Final = (
    *SPAN, "dataset", "yAxis", "topEvents", "sort", "groupBy", "comparisonDelta", "excludeOther",
    "disableAggregateExtrapolation", "preventMetricAggregates",
)  # fmt: skip
FIELD: Final = "sum(session)"
DATASETS: Final = ("errors", "logs", "profile_functions", "spans", "tracemetrics", "uptime_results")
HOUR: Final = 3600
MOST_POINTS: Final = 10_000


class CountRoutes:
    """Reads `sessions`, `errors` and `releases` of the state."""

    def __init__(self, known: State) -> None:
        self._known = known

    async def sessions(self, request: Request) -> Response:
        """Only what can be asked without knowing more of Sentry: `sum(session)` by `session.status`."""
        admit(request, self._known, OF_SESSIONS)
        query = request.query_params
        if query.getlist("field") != [FIELD] or query.getlist("groupBy") not in ([], ["session.status"]):
            raise bad_request(f'Invalid field: "{query.get("field", "")}"')
        step = duration(query.get("interval", "1h")).total_seconds()
        if step < HOUR:
            raise bad_request("The interval has to be at least 1h.")
        begins, ends = period(request, datetime.now(UTC), "90d")
        begins = datetime.fromtimestamp(begins.timestamp() // step * step, UTC)
        moments = _moments(begins.timestamp(), ends.timestamp(), step)
        series = query.get("includeSeries", "1") != "0"
        known = self._asked(query.get("query", ""))
        counted = list(known.items()) if "groupBy" in query else [("", sum(known.values()))]
        groups = [_group(status, rate * step / HOUR, len(moments), series) for status, rate in counted]
        shown = [datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z") for moment in moments]
        said = {"start": shown[0], "end": _z(ends), "intervals": shown, "groups": groups, "query": ""}
        return JSONResponse(said)

    def _asked(self, search: str) -> dict[str, float]:
        """All sessions, those of the newest release, or none: of no other release anybody is on his way."""
        if not search:
            return dict(self._known["sessions"])
        key, _, wanted = search.partition(":")
        if key != "release" or not wanted:
            raise bad_request(f"Invalid query: {search}")
        newest = max(self._known["releases"].values(), key=lambda item: str(item["dateCreated"]))
        mine = wanted.strip('"') == newest["version"]
        return {status: rate if mine else 0 for status, rate in self._known["release_sessions"].items()}

    async def events(self, request: Request) -> Response:
        admit(request, self._known, OF_EVENTS)
        query = request.query_params
        if query.get("dataset") not in DATASETS:
            raise bad_request("dataset: This field is required." if "dataset" not in query else "Invalid dataset")
        if query.get("dataset") != "errors" or query.get("yAxis", "count()") != "count()":
            raise bad_request("the sandbox counts errors only")
        now = datetime.now(UTC)
        begins, ends = period(request, now, "90d")
        step = whole_number(query.get("interval", str(HOUR)), "interval")
        if step < 1 or (ends - begins).total_seconds() / step > MOST_POINTS:
            raise bad_request("Your interval and date range would create too many results.")
        moments = _moments(begins.timestamp() // step * step, ends.timestamp(), step)
        values = [self._value(moment, step, now.timestamp()) for moment in moments]
        meta = {"interval": step, "valueType": "integer", "valueUnit": None}
        edges = {"start": begins.timestamp() * 1000, "end": ends.timestamp() * 1000}
        series = [{"yAxis": "count()", "values": values, "meta": meta}]
        return JSONResponse({"timeSeries": series, "meta": {"dataset": "errors", **edges}})

    def _value(self, moment: float, step: float, now: float) -> dict[str, Any]:
        """What came in is a whole number, and adds up: so many an hour, counted from a fixed moment on."""
        rate = self._known["errors"]["since" if moment >= self._released() else "before"] / HOUR
        came = int((moment + step) * rate) - int(moment * rate)
        if moment + step <= now:
            return {"timestamp": moment * 1000, "value": came, "incomplete": False}
        late = {"incomplete": True, "incompleteReason": "INCOMPLETE_BUCKET"}
        return {"timestamp": moment * 1000, "value": came // 2, **late}

    def _released(self) -> float:
        deploys = [item["lastDeploy"]["dateFinished"] for item in self._known["releases"].values()]
        return max((datetime.fromisoformat(moment).timestamp() for moment in deploys), default=float("inf"))


def _moments(begins: float, ends: float, step: float) -> list[float]:
    return [begins + place * step for place in range(max(1, int((ends - begins) / step)))]


def _group(status: str, each: float, times: int, series: bool) -> dict[str, Any]:
    by = {"session.status": status} if status else {}
    counted = {FIELD: [int(each)] * times} if series else {}
    return {"by": by, "totals": {FIELD: int(each) * times}, "series": counted}


def _z(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
