"""Stripe's client: every odd answer is told by name and never a fact, lists are read to their end, nothing is written."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import respx

from fixtures import Secret, Unobservable
from fixtures.engine.http import Http
from fixtures.events.arrivals import read_arrived
from fixtures.events.payments import read_payments
from fixtures.events.rendering import read_rendered
from fixtures.events.undelivered import read_undelivered
from fixtures.stripe.client import Item, Page, StripeReader, path_of
from fixtures.stripe.endpoints import Registered, read_endpoints
from fixtures.stripe.limits import Inbox, Limits
from fixtures.stripe.modes import read_balance_mode
from fixtures.stripe.pacing import Pace
from fixtures.stripe.plans import Plan
from fixtures.stripe.prices import PriceBook, read_plan_prices
from fixtures.stripe.refusals import Busy, StripeRefused
from fixtures.stripe.transport import make_sdk
from fixtures.stripe.writer import StripeWriter
from selftests.broken_answers import BROKEN, THROTTLED, said

HOST = "api.stripe.com"
KEY = Secret("STRIPE_API_KEY", "rk_test_notARealKey0123456789")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
COAST = Plan(plan="coast", price="price_1", amount="2900", currency="eur", interval="month")
ENDPOINT = {
    "id": "we_1", "url": "https://ocean.example/hook", "status": "enabled", "enabled_events": ["*"], "created": 1,
    "livemode": False, "api_version": None,
}  # fmt: skip
LOOKS: dict[str, tuple[str, Callable[[StripeReader], Awaitable[object]]]] = {
    "balance": ("/v1/balance", lambda reader: read_balance_mode(reader, "test")),
    "prices": ("/v1/prices/price_1", lambda reader: read_plan_prices(PriceBook(reader), (COAST,))),
    "endpoints": ("/v1/webhook_endpoints", lambda reader: read_endpoints(reader, ["https://ocean.example/hook"])),
    "undelivered": ("/v1/events", lambda reader: read_undelivered(reader, NOW, 30, 15)),
    "payments": ("/v1/events", lambda reader: read_payments(reader, NOW, Limits())),
    "rendered": ("/v1/events", lambda reader: read_rendered(reader, _registered())),
    "arrived": (
        "/v1/events",
        lambda reader: read_arrived(reader, None, Inbox(), _registered(), ["invoice.paid"], (NOW, NOW)),  # type: ignore[arg-type]  # no database is asked before Stripe has answered
    ),
}


class Thing(Item):
    """Anything of which a list is made."""


def _registered() -> Registered:
    with respx.mock:
        respx.get(host=HOST).respond(json={"data": [ENDPOINT], "has_more": False})
        return asyncio.run(read_endpoints(reader(), ["https://ocean.example/hook"]))


REGISTERED = None


def reader(writes: bool = False) -> StripeReader:
    sdk = make_sdk(Http(), f"https://{HOST}", KEY.value, writes)
    return StripeWriter(sdk, KEY, Pace(1000)) if writes else StripeReader(sdk, KEY, Pace(1000))


def look(name: str) -> object:
    return asyncio.run(_awaited(LOOKS[name][1](reader())))


async def _awaited(asked: Awaitable[object]) -> object:
    return await asked


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that asks once."""
    monkeypatch.setattr("fixtures.stripe.client.PATIENCE", 0.0)
    monkeypatch.setattr(StripeReader.get, "__defaults__", (None, 0.0))
