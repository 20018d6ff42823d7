"""What the stand-in for Stripe gives has the members, types and values that Stripe publishes, after writes as well."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no types

from selftests.stripe_served import WRITES, Served, served

SHAPES: dict[str, Any] = json.loads(Path(__file__).with_name("stripe_shapes.json").read_text(encoding="utf-8"))
KINDS = (
    "products", "prices", "customers", "payment_methods", "subscriptions", "invoices", "events", "webhook_endpoints",
    "test_helpers/test_clocks",
)  # fmt: skip
PARTS = {
    "products": {"prod_x": {}}, "prices": {"price_x": {"unit_amount": 5}}, "customers": {"cus_x": {}},
    "payment_methods": {"pm_x": {}}, "subscriptions": {"sub_x": {"items": {"data": [{}, {"price": "price_x"}]}}},
    "invoices": {"in_x": {"status": "paid"}, "in_y": {}}, "events": {"evt_x": {}},
    "webhook_endpoints": {"we_x": {}}, "synthetic_subscriptions": 60,
}  # fmt: skip


@pytest.fixture(scope="module")
def vendor() -> Iterator[Served]:
    """An account in which everything has been done once."""
    with served(PARTS) as running:
        written(running)
        yield running


def written(vendor: Served) -> None:
    v1 = vendor.client().v1
    clock = v1.test_helpers.test_clocks.create({"frozen_time": 1_800_000_000})
    for card in ("pm_card_visa", "pm_card_chargeCustomerFail"):
        customer = v1.customers.create({"metadata": {"a": "b"}})
        attached = v1.payment_methods.attach(card, {"customer": customer.id})
        v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": attached.id}})
        made = v1.subscriptions.create({"customer": customer.id, "items": [{"price": "price_seed_ocean"}]})
        v1.subscriptions.update(made.id, {"cancel_at_period_end": True})
    v1.subscriptions.cancel(made.id)
    trial = v1.customers.create({"test_clock": clock.id})
    v1.subscriptions.create({"customer": trial.id, "items": [{"price": "price_seed_coast"}], "trial_period_days": 3})
    v1.prices.create({"currency": "eur", "product": v1.products.create({"name": "Reef"}).id, "unit_amount": 900})
    v1.webhook_endpoints.create({"url": "http://localhost:1/", "enabled_events": ["*"]})


def wrong(item: dict[str, Any]) -> list[str]:
    """What is not as published."""
    schema = {"$ref": f"#/$defs/{item['object']}", "$defs": SHAPES["$defs"]}
    found = Draft202012Validator(schema).iter_errors(item)
    return [f"{item['id'] if 'id' in item else item['object']}: {error.json_path}: {error.message}" for error in found]


@pytest.mark.parametrize("kind", KINDS)
def test_every_object_is_as_published(kind: str, vendor: Served) -> None:
    answer = vendor.get(f"/v1/{kind}?limit=100" + ("&status=all" if kind == "subscriptions" else ""), WRITES).json()

    assert sorted(answer) == ["data", "has_more", "object", "url"]
    assert [fault for item in answer["data"] for fault in wrong(item)] == []
    assert len(answer["data"]) >= 1


def test_what_events_say_is_as_published(vendor: Served) -> None:
    events = vendor.get("/v1/events?limit=100").json()["data"]
    kinds = {event["data"]["object"]["object"] for event in events}

    assert [fault for event in events for fault in wrong(event["data"]["object"])] == []
    assert kinds == {"customer", "invoice", "payment_method", "price", "product", "subscription"}


@pytest.mark.parametrize("path", ["account", "balance", "subscription_items/si_seed_atoll"])
def test_what_there_is_once_is_as_published(path: str, vendor: Served) -> None:
    assert wrong(vendor.get(f"/v1/{path}", WRITES).json()) == []


def test_a_shape_that_is_not_kept_is_seen(vendor: Served) -> None:
    item = vendor.get("/v1/subscriptions/sub_seed_atoll").json()

    assert wrong({**item, "status": "alive"}) and wrong({**item, "current_period_end": 1})
    assert wrong({name: item[name] for name in item if name != "items"})
