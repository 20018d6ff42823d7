"""A stand-in for the part of Neon's API (v2) that reads an organization's projects, their branches and computes.

What would hand out a password or wake a compute exists only to fail loudly.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox.services.neon.asking import admit, body, refusal, unrouted
from sandbox.services.neon.limits import Limited
from sandbox.services.neon.projects import ProjectRoutes
from sandbox.services.neon.state import ORGANIZATION, state
from sandbox.services.neon.tokens import Authorized
from sandbox.services.refusal import Refusal, answer_refusal
from sandbox.services.service import Service, World
from sandbox.services.state import State

Answering = Callable[[Request], Awaitable[Response]]
PATH: Final = "/api/v2"
FORBIDDEN: Final = (
    "/projects/{project}/connection_uri", "/projects/{project}/branches/{branch}/roles/{role}/reveal_password",
    "/projects/{project}/branches/{branch}/roles/{role}/reset_password", "/projects/{project}/advisors",
    "/projects/{project}/branches/{branch}/schema", "/projects/{project}/endpoints/{endpoint}/start",
    "/projects/{project}/endpoints/{endpoint}/suspend", "/projects/{project}/endpoints/{endpoint}/restart",
    "/projects/{project}/branches/{branch}/restore", "/projects/{project}/recover",
)  # fmt: skip
"""What has a secret in its answer, wakes a compute, or changes something."""


def service(world: World) -> Service:
    """The API of one organization."""
    token = world.secrets.token("neon", prefix="napi_", size=32)
    said = {"NEON_API_KEY": token, "NEON_ORG_ID": ORGANIZATION}
    application = _application(token, state(world.patches("neon")))
    return Service(application, lambda url: {"NEON_API_URL": url + PATH, **said})


def _application(token: str, known: State) -> ASGIApp:
    one = f"{PATH}/projects/{{project}}"
    routes = ProjectRoutes(known)
    routed = Starlette(
        routes=[
            Route(f"{PATH}/projects", routes.projects),
            *(Route(PATH + path, _forbidden, methods=["GET", "POST"]) for path in FORBIDDEN),
            Route(one, routes.project),
            Route(f"{one}/branches", routes.branches),
            Route(f"{one}/endpoints", routes.endpoints),
            Route(f"{one}/operations", routes.operations),
            Route(f"{one}/snapshots", routes.snapshots),
            Route(f"{PATH}/organizations/{{organization}}", _organization(known)),
            Route(f"{PATH}/users/me/organizations", _organizations(known)),
        ],
        exception_handlers={Refusal: answer_refusal, 404: unrouted, 405: unrouted},
    )
    routed.router.redirect_slashes = False
    return Authorized(Limited(routed, known["limits"]), token)


async def _forbidden(request: Request) -> Response:
    return JSONResponse(body("nobody who only looks asks for a secret or wakes a compute", "FORBIDDEN_HERE"), 500)


def _organization(known: State) -> Answering:
    async def organization(request: Request) -> Response:
        admit(request, {})
        if request.path_params["organization"] != known["organization"]["id"]:
            raise refusal(404, "organization not found")
        return JSONResponse(known["organization"])

    return organization


def _organizations(known: State) -> Answering:
    async def organizations(request: Request) -> Response:
        admit(request, {})
        return JSONResponse({"organizations": [known["organization"]]})

    return organizations
