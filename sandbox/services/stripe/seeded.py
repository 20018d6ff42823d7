"""Ocean's account as the application's seed knows it: two plans, one customer who pays, and what became of it."""

from datetime import UTC, datetime
from typing import Any, Final

from sandbox.services.stripe import billing, catalogue

Item = dict[str, Any]
Kinds = dict[str, dict[str, Item]]
DAY: Final = 86400
HANDLED: Final = (
    "customer.subscription.created", "customer.subscription.updated", "customer.subscription.deleted", "invoice.paid",
    "invoice.payment_failed",
)  # fmt: skip
"""The types of events that the application's handler acts on."""
ENDPOINT: Final = "we_seed_ocean"
FUNCTION: Final = "{supabase}/functions/v1/handle-stripe-webhook"
BERTHS: Final = 12
"""Invoices for single days in the harbour, beside the subscription: one every other day."""


def seeded(now: float, *, livemode: bool) -> Kinds:
    """Kinds -> id -> object; moments are seconds since 1970."""
    sold = prices(int(now), livemode)
    known: Kinds = {"products": _products(int(now), livemode), "prices": sold}
    begins, ends = _month(now)
    held = _atoll(sold["price_seed_coast"], (begins, ends), int(now), livemode)
    known |= {kind: {item["id"]: item for item in items} for kind, items in held.items()}
    known["webhook_endpoints"] = {ENDPOINT: endpoint(ENDPOINT, FUNCTION, HANDLED, int(now) - 300 * DAY, livemode)}
    return known


def endpoint(name: str, url: str, types: tuple[str, ...], created: int, livemode: bool) -> Item:
    """A registered webhook endpoint."""
    return {
        "id": name, "object": "webhook_endpoint", "api_version": "2026-10-28.endive", "application": None,
        "created": created, "description": None, "enabled_events": list(types), "livemode": livemode, "metadata": {},
        "status": "enabled", "url": url,
    }  # fmt: skip


def event(name: str, kind: str, of: Item, created: int) -> Item:
    """An event that every endpoint has answered with 2xx."""
    return {
        "id": name, "object": "event", "api_version": "2026-10-28.endive", "created": created,
        "data": {"object": of}, "livemode": of["livemode"], "pending_webhooks": 0,
        "request": {"id": None, "idempotency_key": None}, "type": kind,
    }  # fmt: skip


def _month(now: float) -> tuple[int, int]:
    """When this month begins and ends (UTC): the period that the application's seed has."""
    begins = datetime.fromtimestamp(now, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    ends = begins.replace(year=begins.year + begins.month // 12, month=begins.month % 12 + 1)
    return int(begins.timestamp()), int(ends.timestamp())


def _products(now: int, livemode: bool) -> dict[str, Item]:
    plans = {"coast": "Coast", "ocean": "Ocean"}
    made = [
        catalogue.product(
            f"prod_seed_{plan}", shown, now - 700 * DAY, livemode=livemode, default_price=f"price_seed_{plan}"
        )
        for plan, shown in plans.items()
    ]
    return {item["id"]: item for item in made}


def prices(now: int, livemode: bool) -> dict[str, Item]:
    """Those on sale, and those of the year before: still active, since a rollback sells them again."""
    sold = [
        ("price_seed_coast", "coast", 2900, 300), ("price_seed_ocean", "ocean", 14900, 300),
        ("price_seed_coast_2025", "coast", 2500, 690), ("price_seed_ocean_2025", "ocean", 12900, 690),
    ]  # fmt: skip
    return {
        name: catalogue.price(name, f"prod_seed_{plan}", cents, now - days * DAY, livemode=livemode)
        for name, plan, cents, days in sold
    }


def _atoll(price: Item, period: tuple[int, int], now: int, livemode: bool) -> dict[str, list[Item]]:
    """The one organization that pays."""
    since = now - 200 * DAY
    card = catalogue.card("pm_seed_atoll", since, livemode=livemode, of="cus_seed_atoll")
    customer = catalogue.customer(
        "cus_seed_atoll", since, livemode=livemode, pays_with=card["id"], currency="eur", name="Ada",
        email="ada@atoll.example", next_invoice_sequence=BERTHS + 2,
    )  # fmt: skip
    item = billing.item("si_seed_atoll", "sub_seed_atoll", price, period, since)
    subscription = billing.subscription(
        "sub_seed_atoll", customer["id"], [item], since, livemode=livemode, latest_invoice="in_seed_atoll_1"
    )
    bills = [_monthly(subscription, period, livemode), *(_berth(day, now, livemode) for day in range(BERTHS))]
    events = [
        event("evt_seed_subscription", "customer.subscription.created", subscription, since),
        event("evt_seed_invoice", "invoice.paid", bills[0], bills[0]["created"]),
        *(event(f"evt_seed_berth_{bill['id'][-2:]}", "invoice.paid", bill, bill["created"]) for bill in bills[1:]),
    ]
    return {
        "customers": [customer], "payment_methods": [card], "subscriptions": [subscription], "invoices": bills,
        "events": events,
    }  # fmt: skip


def _monthly(subscription: Item, period: tuple[int, int], livemode: bool) -> Item:
    [item] = subscription["items"]["data"]
    line = billing.line(
        "il_seed_atoll_1", "in_seed_atoll_1", item["price"]["unit_amount"], period, livemode=livemode,
        description="Coast (at €29.00 / month)", subscription=subscription["id"],
    )  # fmt: skip
    bill = billing.invoice(
        "in_seed_atoll_1", subscription["customer"], [line], period[0], livemode=livemode,
        billing_reason="subscription_cycle", parent=billing.subscribed(subscription),
    )  # fmt: skip
    return billing.paid(bill, period[0])


def _berth(day: int, now: int, livemode: bool) -> Item:
    name, moment = f"in_seed_berth_{day + 1:02d}", now - (2 * day + 1) * DAY
    line = billing.line(f"il_seed_berth_{day + 1:02d}", name, 1500, (moment, moment), livemode=livemode)
    return billing.paid(billing.invoice(name, "cus_seed_atoll", [line], moment, livemode=livemode), moment)
