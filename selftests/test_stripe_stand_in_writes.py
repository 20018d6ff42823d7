"""The stand-in for Stripe, written to with the real SDK: objects change as documented, and events say so."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from sandbox.services.stripe.recording import previous
from selftests.stripe_served import Served, served


@pytest.fixture
def vendor() -> Iterator[Served]:
    with served() as running:
        yield running


def events(vendor: Served) -> list[Any]:
    """Those that were written, oldest first."""
    found = vendor.get("/v1/events?limit=100").json()["data"]
    return [event for event in found[::-1] if not event["id"].startswith("evt_seed")]


def kinds(vendor: Served) -> list[str]:
    return [event["type"] for event in events(vendor)]


def customer(vendor: Served, card: str = "pm_card_visa") -> stripe.Customer:
    """One with a default card."""
    v1 = vendor.client().v1
    made = v1.customers.create({"email": "drill@ocean.example", "metadata": {"seatrial": "run"}})
    attached = v1.payment_methods.attach(card, {"customer": made.id})
    return v1.customers.update(made.id, {"invoice_settings": {"default_payment_method": attached.id}})


def subscription(vendor: Served, of: str, **more: Any) -> stripe.Subscription:
    asked: Any = {"customer": of, "items": [{"price": "price_seed_coast"}], **more}
    return vendor.client().v1.subscriptions.create(asked)


def test_the_round_trip_of_a_customer_leaves_nothing(vendor: Served) -> None:
    v1 = vendor.client().v1
    paying = customer(vendor)
    made = subscription(vendor, paying.id, metadata={"organization_id": "one"})
    bill = v1.invoices.retrieve(str(made.latest_invoice))

    assert (made.status, made.metadata["organization_id"]) == ("active", "one")
    assert (bill.status, bill.amount_paid, bill.parent.subscription_details.subscription) == ("paid", 2900, made.id)  # type: ignore[union-attr]  # a subscription's invoice has them
    assert v1.customers.delete(paying.id).deleted
    assert v1.subscriptions.retrieve(made.id).status == "canceled"
    assert v1.customers.retrieve(paying.id).deleted
    assert [item.id for item in v1.customers.list()] == ["cus_seed_atoll"]
    assert [item.id for item in v1.payment_methods.list({"customer": paying.id})] == []
    assert kinds(vendor) == [
        "customer.created", "payment_method.attached", "customer.updated", "customer.subscription.created",
        "invoice.created", "invoice.finalized", "invoice.paid", "invoice.payment_succeeded",
        "customer.subscription.deleted", "customer.updated", "payment_method.detached", "customer.deleted",
    ]  # fmt: skip


def test_an_event_says_what_was_and_which_request_it_was(vendor: Served) -> None:
    made = customer(vendor)
    [updated] = [event for event in events(vendor) if event["type"] == "customer.updated"]

    assert updated["data"]["previous_attributes"] == {"invoice_settings": {"default_payment_method": None}}
    assert updated["data"]["object"]["id"] == made.id
    assert updated["request"]["id"].startswith("req_") and updated["request"]["idempotency_key"]
    assert updated["api_version"] == "2026-10-28.endive"


def test_an_update_that_changes_nothing_is_no_event(vendor: Served) -> None:
    vendor.client().v1.customers.update("cus_seed_atoll", {"name": "Ada"})

    assert kinds(vendor) == []


def test_previous_attributes_are_the_old_values_of_what_changed() -> None:
    before = {"a": 1, "b": {"c": 2, "d": 3}, "e": [1], "f": {"g": 1}}
    after = {"a": 1, "b": {"c": 2, "d": 4}, "e": [1, 2], "f": None}

    assert previous(before, after) == {"b": {"d": 3}, "e": [1], "f": {"g": 1}}


def test_metadata_is_merged_and_an_empty_value_takes_a_key_away(vendor: Served) -> None:
    customers = vendor.client().v1.customers
    made = customers.create({"metadata": {"a": "1", "b": "2"}})

    assert customers.update(made.id, {"metadata": {"b": "", "c": "3"}}).to_dict()["metadata"] == {"a": "1", "c": "3"}
    assert customers.update(made.id, {"metadata": ""}).to_dict()["metadata"] == {}


def test_a_card_that_is_refused_at_once_is_not_attached(vendor: Served) -> None:
    with pytest.raises(stripe.CardError) as refused:
        customer(vendor, "pm_card_chargeDeclined")

    assert (refused.value.http_status, refused.value.code) == (402, "card_declined")
    assert kinds(vendor) == ["customer.created"]


def test_a_card_belongs_to_one_customer_and_not_to_another_after_it(vendor: Served) -> None:
    v1 = vendor.client().v1
    card = str(customer(vendor).invoice_settings.default_payment_method)  # type: ignore[union-attr]  # just set
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        v1.payment_methods.attach(card, {"customer": "cus_seed_atoll"})
    v1.payment_methods.detach(card)
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        v1.payment_methods.attach(card, {"customer": "cus_seed_atoll"})
    with pytest.raises(stripe.InvalidRequestError, match="No such PaymentMethod"):
        v1.customers.update("cus_seed_atoll", {"invoice_settings": {"default_payment_method": card}})


def test_a_card_is_made_of_a_token(vendor: Served) -> None:
    methods = vendor.client().v1.payment_methods
    made = methods.create({"type": "card", "card": {"token": "tok_visa"}})

    assert (made.customer, methods.attach(made.id, {"customer": "cus_seed_atoll"}).customer) == (None, "cus_seed_atoll")
    with pytest.raises(stripe.InvalidRequestError, match="unsafe"):
        methods.create({"type": "card", "card": {"number": "4242424242424242", "exp_month": 1, "exp_year": 2034}})


@pytest.mark.parametrize(
    ("behavior", "status", "last"),
    [
        ("allow_incomplete", "incomplete", "invoice.payment_failed"),
        ("default_incomplete", "incomplete", "invoice.finalized"),
        ("error_if_incomplete", None, "customer.updated"),
    ],
)
def test_a_charge_that_fails_leaves_what_was_asked_for(
    behavior: str, status: str | None, last: str, vendor: Served
) -> None:
    paying = customer(vendor, "pm_card_chargeCustomerFail")
    if status is None:
        with pytest.raises(stripe.CardError):
            subscription(vendor, paying.id, payment_behavior=behavior)
    else:
        assert subscription(vendor, paying.id, payment_behavior=behavior).status == status
    assert kinds(vendor)[-1] == last


def test_an_invoice_that_is_paid_later_makes_its_subscription_active(vendor: Served) -> None:
    v1 = vendor.client().v1
    made = subscription(vendor, customer(vendor).id, payment_behavior="default_incomplete")
    paid = v1.invoices.pay(str(made.latest_invoice))

    assert paid.status == "paid" and v1.subscriptions.retrieve(made.id).status == "active"
    assert kinds(vendor)[-3:] == ["invoice.paid", "invoice.payment_succeeded", "customer.subscription.updated"]
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        v1.invoices.pay(paid.id)


def test_nobody_subscribes_without_a_card_to_what_is_sold_no_more_or_to_nothing(vendor: Served) -> None:
    v1 = vendor.client().v1
    poor = v1.customers.create()
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        subscription(vendor, poor.id)
    v1.prices.update("price_seed_ocean", {"active": False})
    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        subscription(vendor, "cus_seed_atoll", items=[{"price": "price_seed_ocean"}])
    with pytest.raises(stripe.InvalidRequestError, match="No such price") as missing:
        subscription(vendor, "cus_seed_atoll", items=[{"price": "price_gone"}])

    assert missing.value.param == "items[0][price]"
    assert subscription(vendor, poor.id, trial_period_days=7).status == "trialing"


def test_a_price_without_its_item_is_added_and_with_it_replaced(vendor: Served) -> None:
    subscriptions = vendor.client().v1.subscriptions
    added = subscriptions.update("sub_seed_atoll", {"items": [{"price": "price_seed_ocean"}]})
    assert [item.price.id for item in added["items"].data] == ["price_seed_coast", "price_seed_ocean"]

    second = added["items"].data[1].id
    gone = subscriptions.update("sub_seed_atoll", {"items": [{"id": second, "deleted": True}]})
    swapped = subscriptions.update(
        "sub_seed_atoll",
        {"items": [{"id": "si_seed_atoll", "price": "price_seed_coast_2025"}], "proration_behavior": "none"},
    )
    assert [item.price.id for item in gone["items"].data] == ["price_seed_coast"]
    assert [(item.id, item.price.unit_amount) for item in swapped["items"].data] == [("si_seed_atoll", 2500)]
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription item"):
        subscriptions.update("sub_seed_atoll", {"items": [{"id": "si_gone", "price": "price_seed_ocean"}]})


def test_a_subscription_ends_with_its_period_or_at_once_and_then_for_ever(vendor: Served) -> None:
    subscriptions = vendor.client().v1.subscriptions
    ending = subscriptions.update("sub_seed_atoll", {"cancel_at_period_end": True})
    staying = subscriptions.update("sub_seed_atoll", {"cancel_at_period_end": False})
    ended = subscriptions.cancel("sub_seed_atoll")

    assert ending.cancel_at == ending["items"].data[0].current_period_end and ending.status == "active"
    assert (staying.cancel_at, ended.status, ended.ended_at is None) == (None, "canceled", False)
    assert kinds(vendor) == ["customer.subscription.updated"] * 2 + ["customer.subscription.deleted"]
    with pytest.raises(stripe.InvalidRequestError) as again:
        subscriptions.cancel("sub_seed_atoll")
    with pytest.raises(stripe.InvalidRequestError, match="canceled subscription"):
        subscriptions.update("sub_seed_atoll", {"cancel_at_period_end": True})
    assert (again.value.http_status, again.value.code) == (404, "resource_missing")


def test_ten_items_are_shown_and_the_others_listed(vendor: Served) -> None:
    v1 = vendor.client().v1
    prices = [
        v1.prices.create(
            {
                "currency": "eur",
                "product": "prod_seed_coast",
                "unit_amount": 100 + n,
                "recurring": {"interval": "month"},
            }
        ).id
        for n in range(12)
    ]
    made = subscription(vendor, "cus_seed_atoll", items=[{"price": price} for price in prices])
    listed = v1.subscription_items.list({"subscription": made.id, "limit": 5})

    assert (len(made["items"].data), made["items"].has_more) == (10, True)
    assert {item.price.id for item in listed.auto_paging_iter()} == set(prices)


def test_a_price_that_is_not_sold_any_more_is_shown_so_where_it_is_held(vendor: Served) -> None:
    v1 = vendor.client().v1
    v1.prices.update("price_seed_coast", {"active": False})

    assert v1.subscriptions.retrieve("sub_seed_atoll")["items"].data[0].price.active is False


def test_what_is_sold_is_made_and_changed(vendor: Served) -> None:
    v1 = vendor.client().v1
    product = v1.products.create({"name": "Reef"})
    price = v1.prices.create({"currency": "eur", "product": product.id, "unit_amount": 900, "lookup_key": "reef"})

    assert (price.type, price.recurring) == ("one_time", None)
    assert v1.products.update(product.id, {"default_price": price.id, "active": False}).active is False
    assert [item.id for item in v1.prices.list({"lookup_keys": ["reef"]})] == [price.id]
    with pytest.raises(stripe.InvalidRequestError, match="lookup key"):
        v1.prices.update("price_seed_coast", {"lookup_key": "reef"})


@pytest.mark.parametrize(
    ("path", "form", "code"),
    [
        ("/v1/customers", {"nickname": "x"}, "parameter_unknown"),
        ("/v1/customers", {"cash_balance[settings]": "x"}, None),
        ("/v1/subscriptions", {"customer": "cus_seed_atoll"}, "parameter_missing"),
        ("/v1/subscriptions", {"customer": "cus_seed_atoll", "items[0][cost]": "1"}, "parameter_unknown"),
        ("/v1/subscriptions", {"customer": "cus_gone", "items[0][price]": "price_seed_coast"}, "resource_missing"),
        ("/v1/products", {}, "parameter_missing"),
        (
            "/v1/prices",
            {"currency": "eur", "product": "prod_seed_coast", "unit_amount": "x"},
            "parameter_invalid_integer",
        ),
        ("/v1/subscriptions/sub_seed_atoll", {"proration_behavior": "never"}, None),
        ("/v1/webhook_endpoints", {"url": "http://127.0.0.1/", "enabled_events[]": "boat.sunk"}, None),
        ("/v1/webhook_endpoints", {"url": "elsewhere", "enabled_events[]": "*"}, "url_invalid"),
    ],
)
def test_what_cannot_be_written_is_refused(path: str, form: dict[str, str], code: str | None, vendor: Served) -> None:
    refused = vendor.post(path, **form)

    assert (refused.status_code, refused.json()["error"].get("code")) == (400, code)
    assert kinds(vendor) == []


def test_one_key_has_one_effect(vendor: Served) -> None:
    first = vendor.post("/v1/customers", idempotency_key="one", name="Drill")
    again = vendor.post("/v1/customers", idempotency_key="one", name="Drill")
    other = vendor.post("/v1/customers", idempotency_key="one", name="Another")

    assert first.json() == again.json() and "idempotent-replayed" not in first.headers
    assert (again.headers["idempotent-replayed"], again.headers["original-request"]) == (
        "true", first.headers["request-id"],
    )  # fmt: skip
    assert (other.status_code, other.json()["error"]["type"]) == (400, "idempotency_error")
    assert kinds(vendor) == ["customer.created"]


def test_a_request_that_was_refused_may_be_made_again_with_its_key(vendor: Served) -> None:
    assert vendor.post("/v1/customers", idempotency_key="one", nickname="x").status_code == 400
    assert vendor.post("/v1/customers", idempotency_key="one", name="Drill").status_code == 200


def test_the_same_key_at_the_same_time_is_a_conflict() -> None:
    with served({"write_seconds": 0.5}) as vendor:
        first: list[int] = []
        thread = threading.Thread(
            target=lambda: first.append(vendor.post("/v1/customers", idempotency_key="one").status_code)
        )
        thread.start()
        while vendor.get("/_counted").json()["requests"] < 1:
            time.sleep(0.01)
        conflict = vendor.post("/v1/customers", idempotency_key="one")
        thread.join()

        assert (first, conflict.status_code) == ([200], 409)
        assert conflict.json()["error"]["code"] == "idempotency_key_in_use"
        assert vendor.post("/v1/customers", idempotency_key="one").headers["idempotent-replayed"] == "true"


def test_test_clocks_set_customers_apart(vendor: Served) -> None:
    v1 = vendor.client().v1
    clock = v1.test_helpers.test_clocks.create({"frozen_time": 1_800_000_000})
    clocked = v1.customers.create({"test_clock": clock.id})
    made = subscription(vendor, clocked.id, trial_period_days=3)

    assert made.id not in [item.id for item in v1.subscriptions.list()]
    assert [item.id for item in v1.subscriptions.list({"test_clock": clock.id})] == [made.id]
    v1.test_helpers.test_clocks.delete(clock.id)
    assert v1.customers.retrieve(clocked.id).deleted
