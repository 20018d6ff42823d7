"""Stripe as the self-tests ask it: our client at its address, and every look that it is used for."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from fixtures import Secret
from fixtures.engine.http import Http
from fixtures.events.arrivals import read_arrived
from fixtures.events.payments import read_payments
from fixtures.events.rendering import read_rendered
from fixtures.events.undelivered import read_undelivered
from fixtures.stripe.client import StripeReader
from fixtures.stripe.endpoints import Endpoint, Registered, read_endpoints
from fixtures.stripe.limits import Inbox, Limits
from fixtures.stripe.modes import read_balance_mode
from fixtures.stripe.pacing import Pace
from fixtures.stripe.plans import Plan
from fixtures.stripe.prices import PriceBook, read_plan_prices
from fixtures.stripe.transport import make_sdk
from fixtures.stripe.writer import StripeWriter

HOST = "api.stripe.com"
BASE = f"http://{HOST}"
"""Without TLS, whose trust store takes longer to read than all the rest."""
HOOK = "https://ocean.example/hook"
KEY = Secret("STRIPE_API_KEY", "rk_test_notARealKey0123456789")
NOW = datetime.now(UTC)
COAST = Plan(plan="coast", price="price_1", amount="2900", currency="eur", interval="month")
OURS = Endpoint(
    id="we_1", url=HOOK, enabled=True, types=("invoice.paid",), api_version=None, livemode=False, of_application=False,
    created=0,
)  # fmt: skip
REGISTERED = Registered(expected=(HOOK,), ours=(OURS,), others=())
NO_DATABASE: Any = None
"""Stripe is asked first, and what it answers here is no answer."""
LOOKS: dict[str, tuple[str, Callable[[StripeReader], Awaitable[object]]]] = {
    "balance": ("/v1/balance", lambda reader: read_balance_mode(reader, "test")),
    "prices": ("/v1/prices/price_1", lambda reader: read_plan_prices(PriceBook(reader), (COAST,))),
    "endpoints": ("/v1/webhook_endpoints", lambda reader: read_endpoints(reader, [HOOK])),
    "undelivered": ("/v1/events", lambda reader: read_undelivered(reader, NOW, 30, 15)),
    "payments": ("/v1/events", lambda reader: read_payments(reader, NOW, Limits())),
    "rendered": ("/v1/events", lambda reader: read_rendered(reader, REGISTERED)),
    "arrived": (
        "/v1/events",
        lambda reader: read_arrived(reader, NO_DATABASE, Inbox(), REGISTERED, ["invoice.paid"], (NOW, NOW)),
    ),
}


def reader() -> StripeReader:
    return StripeReader(make_sdk(Http(), BASE, KEY.value, False), KEY, Pace(1000))


def writer() -> StripeWriter:
    return StripeWriter(make_sdk(Http(), BASE, KEY.value, True), KEY, Pace(1000))


def asked(call: Callable[[StripeReader], Awaitable[Any]]) -> Any:
    """What a call of a new client returns."""

    async def looked() -> object:
        return await call(reader())

    return asyncio.run(looked())
