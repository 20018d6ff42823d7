"""The stand-in for Stripe, written to with the real SDK: objects change as documented, and events say so."""

from collections.abc import Iterator

import pytest
import stripe

from sandbox.services.stripe.recording import previous
from selftests.stripe_bought import customer, events, kinds, subscription
from selftests.stripe_served import Served, served


@pytest.fixture
def vendor() -> Iterator[Served]:
    with served() as running:
        yield running


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
        ("/v1/subscriptions", {"customer[id]": "cus_seed_atoll"}, None),
        ("/v1/subscriptions", {"customer": "cus_seed_atoll", "items[0][price][id]": "price_seed_coast"}, None),
        ("/v1/customers", {"metadata": "text"}, None),
        ("/v1/customers", {"name": "a", "name[b]": "c"}, None),
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
