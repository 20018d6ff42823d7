"""Who may read: an API key as bearer token, of a person, an organization or a project."""

import secrets
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.services.neon.asking import body, refusal
from sandbox.services.state import State

MISSING: Final = "supplied credentials do not pass authentication"


class Authorized:
    """Wraps the API: 401 without a key, and with a wrong one."""

    def __init__(self, service: ASGIApp, token: str) -> None:
        self._service = service
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and secrets.compare_digest(token.encode(), self._token.encode()):
            await self._service(scope, receive, send)
        else:
            await JSONResponse(body(MISSING), 401)(scope, receive, send)


def admit_organization(known: State, said: str | None) -> None:
    """Refuse who does not say whose projects he means though his key is a person's, or means another's."""
    kind, own = known["key"]["kind"], known["organization"]["id"]
    if kind == "personal" and said is None:
        raise refusal(400, "org_id is required, you can find it on your organization settings page")
    if kind == "project":  # how Neon answers such a key here is not documented
        raise refusal(403, "not allowed for project-scoped API keys")
    if said is not None and said != own:
        raise refusal(403 if kind == "organization" else 404, "organization not found")


def may_see(known: State, project: str) -> bool:
    """Whether the key sees a project."""
    return known["key"]["kind"] != "project" or project in known["key"]["projects"]
