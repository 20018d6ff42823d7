"""A stand-in for the part of Vercel's REST API that reads deployments, domains and releases. It writes nothing."""

from typing import Final

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox.services.refusal import Refusal, answer_refusal, answer_unrouted
from sandbox.services.service import Service, World
from sandbox.services.vercel.aliases import AliasRoutes
from sandbox.services.vercel.deployments import DeploymentRoutes
from sandbox.services.vercel.names import PROJECT_ID, TEAM_ID
from sandbox.services.vercel.projects import ProjectRoutes
from sandbox.services.vercel.state import State, state
from sandbox.services.vercel.tokens import Authorized

NOT_FOUND: Final = {"error": {"code": "not_found", "message": "The requested URL was not found"}}
READ_ONLY: Final = {"error": {"code": "method_unknown", "message": "The sandbox's Vercel API is read-only"}}


def service(world: World) -> Service:
    """The API for one team and project; patches (RFC 7396) change what it knows, see `vercel.state`."""
    token = world.secrets.token("vercel")
    ids = {"VERCEL_TOKEN": token, "VERCEL_TEAM_ID": TEAM_ID, "VERCEL_PROJECT_ID": PROJECT_ID}
    return Service(_application(token, state(world.patches("vercel"))), lambda url: {"VERCEL_API_URL": url, **ids})


def _application(token: str, known: State) -> ASGIApp:
    projects, deployments, aliases = ProjectRoutes(known), DeploymentRoutes(known), AliasRoutes(known)
    routed = Starlette(
        routes=[
            Route("/v9/projects/{project}", projects.project),
            Route("/v9/projects/{project}/domains", projects.domains),
            Route("/v1/projects/{project}/rolling-release", projects.rolling_release),
            Route("/v1/projects/{project}/promote/aliases", projects.promote_aliases),
            Route("/v7/deployments", deployments.deployments),
            Route("/v13/deployments/{deployment}", deployments.deployment),
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
