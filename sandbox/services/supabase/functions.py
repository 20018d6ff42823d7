"""The gateway in front of the Edge Functions: which are deployed, and who may call them.

What the gateway says itself carries the header `sb-error-code`; a function's own answer does not.
Codes and statuses: Supabase docs, guides/functions/error-codes and status-codes.
"""

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.services.refusal import Refusal
from sandbox.services.service import World
from sandbox.services.supabase.deno import DenoFunction
from sandbox.services.supabase.graphql import Graphql
from sandbox.services.supabase.signing import Signing
from sandbox.services.supabase.tokens import InvalidToken, bearer_token, verified
from sandbox.services.supabase.webhook import Webhook

Answer = Callable[[Request], Awaitable[Response]]

IN_DENO: Final = "SANDBOX_FUNCTIONS"
"""The variable that says "deno" where the webhook is to be Ocean's own function, in TypeScript."""
METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

# Switch `webhook` -> what the gateway answers because the function cannot run at all.
UNRUNNABLE: Final[dict[str, tuple[int, str, str]]] = {
    "not-deployed": (404, "NOT_FOUND", "Requested function was not found"),
    "boot-error": (503, "BOOT_ERROR", "Function failed to start (please check logs)"),
    "worker-limit": (546, "WORKER_LIMIT", "Function failed due to not having enough compute resources"),
}


@dataclass(frozen=True)
class Function:
    """One deployed function."""

    answer: Answer
    verify_jwt: bool
    unrunnable: tuple[int, str, str] | None = None


class Functions:
    """Finds the function, checks the caller's token where `verify_jwt` says so, and lets it answer."""

    def __init__(self, deployed: Mapping[str, Function], signing: Signing) -> None:
        self._deployed = deployed
        self._signing = signing

    async def answer(self, request: Request) -> Response:
        function = self._deployed.get(request.path_params["slug"])
        if function is None:
            raise _gateway_error(*UNRUNNABLE["not-deployed"])
        if function.verify_jwt:
            self._verify(request)
        if function.unrunnable is not None:
            raise _gateway_error(*function.unrunnable)
        return await function.answer(request)

    def _verify(self, request: Request) -> None:
        if "authorization" not in request.headers:
            raise _gateway_error(401, "UNAUTHORIZED_NO_AUTH_HEADER", "Missing authorization header")
        token = bearer_token(request)
        if token is None or token.count(".") != 2:
            raise _gateway_error(401, "UNAUTHORIZED_INVALID_JWT_FORMAT", "Invalid JWT")
        try:
            verified(token, self._signing)
        except InvalidToken as error:
            raise _gateway_error(401, "UNAUTHORIZED_LEGACY_JWT", "Invalid JWT") from error


def function_routes(world: World, signing: Signing) -> list[Route]:
    """Switches: `webhook` (see UNRUNNABLE and `webhook.VARIANTS`), `verify_jwt` (true: demanded for the webhook),
    `graphql` (see `graphql_schema.GUARDS`).
    """
    databases, switches = world.databases, world.switches
    unrunnable = UNRUNNABLE.get(str(switches.get("webhook", "")))
    deployed = {
        # Stripe sends no token: the signature is the webhook's authentication.
        "handle-stripe-webhook": Function(_webhook(world), bool(switches.get("verify_jwt", False)), unrunnable),
        # Its system status is public; it reads the user's token itself.
        "graphql-v2": Function(Graphql(signing, databases, str(switches.get("graphql", ""))).answer, False),
    }
    functions = Functions(deployed, signing)
    return [Route("/{slug}", functions.answer, methods=METHODS)]


def _webhook(world: World) -> Answer:
    if os.environ.get(IN_DENO) == "deno":
        return InDeno(world, "handle-stripe-webhook").answer
    variant = str(world.switches.get("webhook", ""))
    return Webhook(world.secrets, world.databases, "" if variant in UNRUNNABLE else variant).answer


class InDeno:
    """A function as Ocean has it, with the secrets that the project would have; made when it is first called, since
    the gateway's own address is not known before.
    """

    def __init__(self, world: World, slug: str) -> None:
        self._world = world
        self._source = world.checkout / "supabase" / "functions" / slug / "index.ts"
        self._function: DenoFunction | None = None

    async def answer(self, request: Request) -> Response:
        if self._function is None:
            self._function = DenoFunction(self._source, self._secrets())
        return await self._function.answer(request)

    def _secrets(self) -> dict[str, str]:
        return {
            "SUPABASE_URL": self._world.origins["supabase"],
            "SUPABASE_SECRET_KEY": self._world.secrets.secret_key,
            "STRIPE_SECRET_KEY": "sk_test_of_the_sandbox",
            "STRIPE_WEBHOOK_SECRET": self._world.secrets.webhook_secret,
            "STRIPE_WEBHOOK_SECRET_PREVIOUS": self._world.secrets.webhook_secret_previous,
        }


def _gateway_error(status: int, code: str, message: str) -> Refusal:
    return Refusal(status, {"code": code, "message": message}, {"sb-error-code": code})
