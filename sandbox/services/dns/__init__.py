"""A stand-in for a public resolver that speaks DNS over HTTPS in JSON, as Cloudflare and Google document it.

State: `names`, by name its records by type; a name without records is known and has none, any other is not known.
`rcodes`: by name the RCODE with which it is answered instead (2: SERVFAIL).
"""

import time
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.services.service import Service, World
from sandbox.services.state import State, patched, seconds

TYPES: Final = {"A": 1, "AAAA": 28, "CNAME": 5}
MEDIA_TYPE: Final = "application/dns-json"
NO_ERROR, NO_SUCH_NAME = 0, 3
OCEAN_S: Final[State] = {
    "names": {
        "ocean.example": {"A": ["192.0.2.10"]},
        "www.ocean.example": {"CNAME": ["cname.vercel-dns.example."], "A": ["192.0.2.11"]},
        "docs.ocean.example": {"AAAA": ["2001:db8::11"]},
    },
    "rcodes": {},
}


def service(world: World) -> Service:
    """The resolver. It knows Ocean's names."""
    known = patched(OCEAN_S, world.patches("dns"), time.time(), seconds)
    routes = [Route("/dns-query", Resolver(known).answer, methods=["GET"])]
    return Service(Starlette(routes=routes), lambda url: {"DNS_RESOLVER_URL": f"{url}/dns-query"})


class Resolver:
    """Answers one question each time."""

    def __init__(self, known: State) -> None:
        self._known = known

    async def answer(self, request: Request) -> Response:
        name, kind = request.query_params.get("name", "").rstrip(".").lower(), request.query_params.get("type", "A")
        if MEDIA_TYPE not in request.headers.get("accept", ""):
            return PlainTextResponse("the media type application/dns-json is not asked for", 415)
        if not name or kind not in TYPES:
            return JSONResponse({"error": "Invalid query name or type."}, 400)
        return JSONResponse(self._said(name, kind), media_type=MEDIA_TYPE)

    def _said(self, name: str, kind: str) -> dict[str, Any]:
        records = self._known["names"].get(name)
        rcode = self._known["rcodes"].get(name, NO_SUCH_NAME if records is None else NO_ERROR)
        said: dict[str, Any] = {"Status": rcode, "TC": False, "RD": True, "RA": True, "AD": False, "CD": False}
        said["Question"] = [{"name": name, "type": TYPES[kind]}]
        shown = [] if rcode else [(of, data) for of in ("CNAME", kind) for data in (records or {}).get(of, ())]
        if shown:
            said["Answer"] = [{"name": name, "type": TYPES[of], "TTL": 300, "data": data} for of, data in shown]
        return said
