"""A stand-in for Stripe's API: the account that sells Ocean's plans, with its limits, its events and its webhooks."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox.services.service import Service, World
from sandbox.services.stripe.access import Keys
from sandbox.services.stripe.account import Account
from sandbox.services.stripe.answering import Answering, json
from sandbox.services.stripe.errors import unrouted
from sandbox.services.stripe.reading import PARAMETERS, Reading
from sandbox.services.stripe.state import gone, state

COUNTED = "/_counted"
"""No path of Stripe's: what clients asked, for those who test them."""


def service(world: World) -> Service:
    """The API of one account. Its one webhook endpoint is the sandbox's Supabase function."""
    patches = world.patches("stripe")
    known = state(patches)
    mode = "live" if known["livemode"] else "test"
    key = world.secrets.token("stripe", prefix=f"{known['key']}_{mode}_", size=24)
    secret = world.secrets.token("stripe_test", prefix=f"sk_{mode}_", size=24)
    account = Account(known, gone(patches), lambda name: world.origins.get(name, ""))
    keys = Keys(key, secret, known["account"]["id"], known["permissions"])
    variables = {"STRIPE_API_KEY": key, "STRIPE_TEST_KEY": secret}
    return Service(application(account, keys), lambda url: {"STRIPE_API_URL": url, **variables})


def application(account: Account, keys: Keys) -> ASGIApp:
    """The API alone."""
    answering, reading = Answering(account, keys), Reading(account)

    async def counted(request: Request) -> Response:
        return json(account.limits.counted(), 200, {})

    return Starlette(
        routes=[
            Route(COUNTED, counted),
            Route("/v1/account", answering.call(reading.account)),
            Route("/v1/balance", answering.call(reading.balance)),
            Route("/v1/subscription_items", answering.call(reading.items)),
            Route("/v1/subscription_items/{id}", answering.call(reading.item)),
            Route("/v1/customers/{id}/payment_methods", answering.call(reading.of_customer)),
            *(Route(f"/v1/{kind}", answering.call(reading.listing)) for kind in PARAMETERS),
            *(Route(f"/v1/{kind}/{{id}}", answering.call(reading.retrieval)) for kind in PARAMETERS),
        ],
        exception_handlers={404: _unrouted, 405: _unrouted},
    )


def _unrouted(request: Request, error: Exception) -> Response:
    return json(unrouted(request.method, request.url.path), 404, {})
