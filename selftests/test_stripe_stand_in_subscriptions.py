"""Subscriptions in the stand-in for Stripe: charged, changed, ended, and their invoices; with the real SDK."""

from collections.abc import Iterator

import pytest
import stripe

from selftests.stripe_bought import customer, kinds, subscription
from selftests.stripe_served import Served, served


@pytest.fixture
def vendor() -> Iterator[Served]:
    with served() as running:
        yield running


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


def test_test_clocks_set_customers_apart(vendor: Served) -> None:
    v1 = vendor.client().v1
    clock = v1.test_helpers.test_clocks.create({"frozen_time": 1_800_000_000})
    clocked = v1.customers.create({"test_clock": clock.id})
    made = subscription(vendor, clocked.id, trial_period_days=3)

    assert made.id not in [item.id for item in v1.subscriptions.list()]
    assert [item.id for item in v1.subscriptions.list({"test_clock": clock.id})] == [made.id]
    v1.test_helpers.test_clocks.delete(clock.id)
    assert v1.customers.retrieve(clocked.id).deleted
