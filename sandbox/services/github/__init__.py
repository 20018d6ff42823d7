"""A stand-in for the part of GitHub's REST API that says what ran for a commit. It writes nothing."""

from typing import Final

from starlette.applications import Starlette
from starlette.routing import Route

from sandbox.services.github.access import Authorized
from sandbox.services.github.commits import CommitRoutes
from sandbox.services.github.state import REPOSITORY, state
from sandbox.services.refusal import Refusal, answer_refusal, answer_unrouted
from sandbox.services.release import commits
from sandbox.services.service import Service, World

DOCUMENTATION: Final = "https://docs.github.com/rest"
NOT_FOUND: Final = {"message": "Not Found", "documentation_url": DOCUMENTATION, "status": "404"}


def service(world: World) -> Service:
    """The API for Ocean's repository; patches (RFC 7396) change what it knows, see `github.state`."""
    token = world.secrets.token("github", prefix="ghs_", size=18)
    known = CommitRoutes(state(world.patches("github")), commits(world.checkout))
    below = "/repos/{owner}/{name}/commits/{ref}"
    routed = Starlette(
        routes=[Route(f"{below}/check-runs", known.check_runs), Route(f"{below}/status", known.status)],
        exception_handlers={
            Refusal: answer_refusal,
            404: answer_unrouted(NOT_FOUND, NOT_FOUND),
            405: answer_unrouted(NOT_FOUND, NOT_FOUND),
        },
    )

    def variables(url: str) -> dict[str, str]:
        return {"GITHUB_API_URL": url, "GITHUB_TOKEN": token, "GITHUB_REPOSITORY": REPOSITORY}

    return Service(Authorized(routed, token), variables)
