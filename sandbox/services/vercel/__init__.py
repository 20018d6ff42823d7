"""A stand-in for the part of Vercel's REST API that reads deployments, domains and releases. It writes nothing."""

from typing import Final

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from sandbox.services.refusal import Refusal, answer_refusal, answer_unrouted
from sandbox.services.release import commits
from sandbox.services.service import Service, World
from sandbox.services.vercel.aliases import AliasRoutes
from sandbox.services.vercel.deployments import DeploymentRoutes
from sandbox.services.vercel.events import EventRoutes
from sandbox.services.vercel.names import PROJECT_ID, TEAM_ID
from sandbox.services.vercel.projects import ProjectRoutes
from sandbox.services.vercel.served import Served
from sandbox.services.vercel.state import State, state
from sandbox.services.vercel.tokens import Authorized
from sandbox.services.vercel.variables import VariableRoutes

NOT_FOUND: Final = {"error": {"code": "not_found", "message": "The requested URL was not found"}}
READ_ONLY: Final = {"error": {"code": "method_unknown", "message": "The sandbox's Vercel API is read-only"}}


def service(world: World) -> Service:
    """The API for one team and project, and below `/deployments/<uid>` its deployments; see `vercel.state`."""
    token, bypass = world.secrets.token("vercel"), world.secrets.token("vercel bypass", size=16)
    known = state(world.patches("vercel"), commits(world.checkout))
    ids = {"VERCEL_TOKEN": token, "VERCEL_TEAM_ID": TEAM_ID, "VERCEL_PROJECT_ID": PROJECT_ID}
    ids |= {"VERCEL_AUTOMATION_BYPASS_SECRET": bypass}

    def variables(url: str) -> dict[str, str]:
        _give_addresses(known, url)
        return {"VERCEL_API_URL": url, **ids}

    served = Route("/deployments/{uid}/{path:path}", Served(known, world.databases, bypass).answer)
    return Service(Starlette(routes=[served, Mount("/", _api(token, known))]), variables)


def _give_addresses(known: State, url: str) -> None:
    """A deployment of Vercel's has a name of its own; here all share one port, and have a path of their own.

    `absent = true` in the production target: nothing was ever deployed to it.
    """
    for uid, deployment in known["deployments"].items():
        deployment["url"] = f"{url.partition('://')[2]}/deployments/{uid}"
    production = known["project"]["targets"]["production"]
    production["url"] = known["deployments"][production["id"]]["url"]
    if production.pop("absent", False):
        del known["project"]["targets"]["production"]


def _api(token: str, known: State) -> ASGIApp:
    projects, deployments, aliases = ProjectRoutes(known), DeploymentRoutes(known), AliasRoutes(known)
    routed = Starlette(
        routes=[
            Route("/v9/projects/{project}", projects.project),
            Route("/v9/projects/{project}/domains", projects.domains),
            Route("/v10/projects/{project}/env", VariableRoutes(known).variables),
            Route("/v1/env", VariableRoutes(known).shared),
            Route("/v1/projects/{project}/rolling-release", projects.rolling_release),
            Route("/v1/projects/{project}/promote/aliases", projects.promote_aliases),
            Route("/v7/deployments", deployments.deployments),
            Route("/v13/deployments/{deployment}", deployments.deployment),
            Route("/v3/deployments/{deployment}/events", EventRoutes(known).events),
            Route("/v2/deployments/{deployment}/aliases", aliases.of_deployment),
            Route("/v4/aliases", aliases.aliases),
        ],
        exception_handlers={
            Refusal: answer_refusal,
            404: answer_unrouted(NOT_FOUND, READ_ONLY),
            405: answer_unrouted(NOT_FOUND, READ_ONLY),
        },
    )
    return Authorized(routed, token)
