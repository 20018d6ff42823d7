"""A stand-in for the part of Sentry's REST API that reads a project, its releases, errors, sessions and issues."""

from typing import Final

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox.services.refusal import Refusal, answer_refusal, answer_unrouted
from sandbox.services.sentry.counts import CountRoutes
from sandbox.services.sentry.issues import IssueRoutes
from sandbox.services.sentry.projects import ProjectRoutes
from sandbox.services.sentry.state import ORGANIZATION, PROJECT, state
from sandbox.services.sentry.tokens import Authorized
from sandbox.services.service import Service, World
from sandbox.services.state import State

NOT_FOUND: Final = {"detail": "The requested resource does not exist"}
READ_ONLY: Final = {"detail": "The sandbox's Sentry is read-only"}


def service(world: World) -> Service:
    """The API of one organization with one project."""
    token = world.secrets.token("sentry", prefix="sntryu_", size=32)
    ids = {"SENTRY_TOKEN": token, "SENTRY_ORGANIZATION": ORGANIZATION, "SENTRY_PROJECT": PROJECT}
    return Service(_application(token, state(world.patches("sentry"))), lambda url: {"SENTRY_URL": url, **ids})


def _application(token: str, known: State) -> ASGIApp:
    organization = "/api/0/organizations/{organization}"
    projects, counts, issues = ProjectRoutes(known), CountRoutes(known), IssueRoutes(known)
    routed = Starlette(
        routes=[
            Route("/api/0/projects/{organization}/{project}/", projects.project),
            Route(f"{organization}/releases/", projects.releases),
            Route(f"{organization}/sessions/", counts.sessions),
            Route(f"{organization}/events-timeseries/", counts.events),
            Route(f"{organization}/issues/", issues.issues),
        ],
        exception_handlers={
            Refusal: answer_refusal,
            404: answer_unrouted(NOT_FOUND, READ_ONLY),
            405: answer_unrouted(NOT_FOUND, READ_ONLY),
        },
    )
    routed.router.redirect_slashes = False  # Sentry's own answer to a path without its last slash is another: 404 here
    return Authorized(routed, token)
