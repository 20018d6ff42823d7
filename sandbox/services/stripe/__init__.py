"""A stand-in for Stripe's API: the account that sells Ocean's plans, with its limits, its events and its webhooks."""

from dataclasses import dataclass
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox.services.service import Service, World
from sandbox.services.stripe.access import Keys
from sandbox.services.stripe.account import Account
from sandbox.services.stripe.answering import Answering, json
from sandbox.services.stripe.deliveries import Deliveries, Post, post
from sandbox.services.stripe.errors import unrouted
from sandbox.services.stripe.routes import routes
from sandbox.services.stripe.seeded import ENDPOINT
from sandbox.services.stripe.state import gone, state

COUNTED: Final = "/_counted"
"""No path of Stripe's: what clients asked and what was delivered, for those who test them."""


@dataclass(frozen=True)
class Stripe:
    """The running parts of a stand-in."""

    application: ASGIApp
    account: Account
    deliveries: Deliveries


def service(world: World) -> Service:
    """The API of one account. Its one webhook endpoint is the sandbox's Supabase function."""
    patches = world.patches("stripe")
    known = state(patches)
    mode = "live" if known["livemode"] else "test"
    key = world.secrets.token("stripe", prefix=f"{known['key']}_{mode}_", size=24)
    secret = world.secrets.token("stripe_test", prefix=f"sk_{mode}_", size=24)
    account = Account(known, gone(patches), lambda name: world.origins.get(name, ""))
    keys = Keys(key, secret, known["account"]["id"], known["permissions"], known["permission_wording"])
    signing = [world.secrets.webhook_secret, world.secrets.webhook_secret_previous]
    variables = {"STRIPE_API_KEY": key, "STRIPE_TEST_KEY": secret}
    made = stripe(account, keys, signing)
    return Service(made.application, lambda url: {"STRIPE_API_URL": url, **variables})


def stripe(account: Account, keys: Keys, signing: list[str], send: Post = post) -> Stripe:
    """The API alone; `signing` has the secrets of the registered endpoint, `send` posts its deliveries."""
    deliveries = Deliveries(account, {ENDPOINT: signing}, send)

    async def counted(request: Request) -> Response:
        return json({**account.limits.counted(), "deliveries": dict(deliveries.counted)}, 200, {})

    answered = routes(account, Answering(account, keys, deliveries), deliveries)
    handlers = {404: _unrouted, 405: _unrouted}
    application = Starlette(routes=[Route(COUNTED, counted), *answered], exception_handlers=handlers)
    return Stripe(application, account, deliveries)


def application(account: Account, keys: Keys) -> ASGIApp:
    """The API of an account whose deliveries are signed with a secret that nobody knows."""
    return stripe(account, keys, []).application


def _unrouted(request: Request, error: Exception) -> Response:
    return json(unrouted(request.method, request.url.path), 404, {})
