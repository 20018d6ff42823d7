"""Stand-ins for the status pages of four providers, each in its own form; nothing is wrong anywhere.

State: by provider what its page answers. Patch it: `[row.state.status.vercel.status]`.
"""

import time
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.services.service import Service, World
from sandbox.services.state import State, iso, patched

PAGES: Final = {
    "vercel": "/vercel/api/v2/summary.json",
    "supabase": "/supabase/api/v2/summary.json",
    "stripe": "/stripe/current",
    "neon": "/neon/api/v1/summary",
}
VERCEL_S: Final = ("Edge Network", "Edge Functions", "Serverless Functions", "Builds", "DNS", "Dashboard")
SUPABASE_S: Final = ("API Gateway", "Auth", "Connection Pooler", "Database", "Edge Functions", "Management API")


def service(world: World) -> Service:
    """All four, on one port."""
    known = patched(_healthy(time.time()), world.patches("status"), time.time(), iso)

    def variables(url: str) -> dict[str, str]:
        return {f"{provider.upper()}_STATUS_URL": url + path for provider, path in PAGES.items()}

    routes = [Route(path, _answering(known[provider]), methods=["GET"]) for provider, path in PAGES.items()]
    return Service(Starlette(routes=routes), variables)


def _answering(said: State) -> Any:
    async def answer(request: Request) -> Response:
        if request.query_params:  # these pages have no parameters: whoever sends one means another page
            return PlainTextResponse("unknown parameter", 400)
        return JSONResponse(said)

    return answer


def _healthy(now: float) -> State:
    return {
        "vercel": _statuspage("Vercel", "https://www.vercel-status.com", VERCEL_S, now),
        "supabase": _statuspage("Supabase", "https://status.supabase.com", SUPABASE_S, now),
        "stripe": {
            "message": "All services are online.",
            "largestatus": "up",
            "time": iso(now - 60),
            "statuses": {"api": "up", "dashboard": "up", "stripejs": "up", "checkoutjs": "up"},
        },
        "neon": {
            "page_title": "Neon",
            "page_url": "https://neonstatus.com",
            "ongoing_incidents": [],
            "in_progress_maintenances": [],
            "scheduled_maintenances": [],
        },
    }


def _statuspage(name: str, url: str, components: tuple[str, ...], now: float) -> State:
    listed = [
        {"id": f"{name.lower()}{place}", "name": part, "status": "operational", "position": place, "group": False}
        for place, part in enumerate(components, start=1)
    ]
    return {
        "page": {"id": name.lower(), "name": name, "url": url, "time_zone": "Etc/UTC", "updated_at": iso(now - 300)},
        "components": listed,
        "incidents": [],
        "scheduled_maintenances": [],
        "status": {"indicator": "none", "description": "All Systems Operational"},
    }
