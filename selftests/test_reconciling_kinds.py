"""Each kind of disagreement between Stripe and the table is seen as what it is, and what is no disagreement is none."""

import pytest

from fixtures.facts import Unobservable
from fixtures.subscriptions.comparing import KINDS, Comparison, Kind
from fixtures.subscriptions.ledger import Ledger
from fixtures.subscriptions.record import (
    Catalogue,
    Customer,
    InvoiceSettings,
    Item,
    Items,
    Price,
    Seen,
    Subscription,
    reduced,
)
from fixtures.subscriptions.rows import Kept
from fixtures.subscriptions.settings import Table

CATALOGUE = Catalogue(
    frozenset({"price_coast", "price_ocean"}), {"price_coast": "price_coast_2025"}, {"price_coast_2020": "price_coast"}
)
SEEN = Seen(
    id="sub_1", customer="cus_1", status="active", created=1, period=1000, cancels=False, ends=False,
    price="price_coast", quantity=1, plans=1, organization=None, aside=False, scheduled=False, gone=False,
    charged=True, method=True,
)  # fmt: skip
KEPT = Kept("row-1", "org-1", "sub_1", "cus_1", "active", "price_coast", 1000.0, False, None)


def kinds(seen: list[Seen], kept: list[Kept], table: Table | None = None) -> set[Kind]:
    """The kinds of which there is a disagreement."""
    ledger = Ledger()
    ledger.saw(seen)
    ledger.keeps(kept)
    comparison = Comparison(table or Table())
    found = {kind for kind in KINDS if comparison.count(ledger, kind)}
    assert found == {kind for kind in KINDS if comparison.first(ledger, kind, 5)}
    ledger.close()
    return found


def test_what_agrees_is_no_disagreement() -> None:
    assert kinds([SEEN], [KEPT]) == set()


@pytest.mark.parametrize(
    ("stripe", "row", "expected"),
    [
        pytest.param({"status": "canceled"}, {}, {"served-unpaid"}, id="canceled-and-served"),
        pytest.param({"status": "paused"}, {"status": "past_due"}, {"served-unpaid"}, id="paused-and-served"),
        pytest.param({"status": "incomplete"}, {"status": "trialing"}, {"served-unpaid"}, id="incomplete-and-served"),
        pytest.param({"status": "canceled"}, {"price": None}, set(), id="canceled-and-on-the-free-plan"),
        pytest.param({}, {"status": "canceled"}, {"paid-unserved"}, id="paid-and-not-served"),
        pytest.param({}, {"status": ""}, {"paid-unserved"}, id="paid-and-of-no-status"),
        pytest.param({"status": "trialing"}, {}, {"status"}, id="trialing-and-active"),
        pytest.param({"status": "unpaid"}, {"status": "canceled"}, {"status"}, id="unpaid-and-canceled"),
        pytest.param({"status": "new_status"}, {"status": "new_status"}, set(), id="of-a-status-that-is-new"),
        pytest.param({"customer": "cus_2"}, {}, {"customer", "customer-gone"}, id="of-a-customer-nobody-knows"),
        pytest.param({}, {"customer": None}, {"customer", "customer-gone"}, id="of-no-customer"),
        pytest.param({"organization": "org-2"}, {}, {"customer"}, id="of-another-organization"),
        pytest.param({"organization": "org-1"}, {}, set(), id="of-the-same-organization"),
        pytest.param({"price": "price_ocean"}, {}, {"price"}, id="to-another-plan"),
        pytest.param({"price": None, "plans": 0}, {}, {"price"}, id="to-no-plan"),
        pytest.param({"price": None, "plans": 0}, {"price": None}, {"price"}, id="to-something-on-the-free-plan"),
        pytest.param({"plans": 2}, {}, {"price"}, id="to-two-plans"),
        pytest.param({"period": 1100}, {}, {"period"}, id="of-another-period"),
        pytest.param({"period": 1060}, {}, set(), id="of-a-period-a-minute-apart"),
        pytest.param({}, {"period": None}, {"period"}, id="without-a-period"),
        pytest.param({}, {"period": float("inf")}, {"period"}, id="for-ever"),
        pytest.param({"cancels": True, "ends": True}, {}, {"cancellation"}, id="ends-unnoticed"),
        pytest.param({"ends": True}, {}, set(), id="ends-on-a-day"),
        pytest.param({"ends": True}, {"cancels": True}, set(), id="said-to-end-on-a-day"),
        pytest.param({}, {"cancels": True}, {"cancellation"}, id="said-to-end"),
        pytest.param({}, {"cancels": None}, {"cancellation"}, id="not-said-whether-it-ends"),
        pytest.param({"method": False}, {}, {"no-method"}, id="no-payment-method"),
        pytest.param({"method": False, "status": "past_due"}, {"status": "past_due"}, {"no-method"}, id="overdue"),
        pytest.param({"method": False, "charged": False}, {}, set(), id="nothing-to-charge"),
        pytest.param({"method": False, "status": "trialing"}, {"status": "trialing"}, set(), id="trial-without-method"),
        pytest.param({"gone": True, "status": "canceled"}, {}, {"served-unpaid", "customer-gone"}, id="deleted"),
        pytest.param({"aside": True, "status": "canceled", "gone": True}, {}, set(), id="made-by-a-drill"),
        pytest.param({"status": "canceled", "customer": "cus_2", "price": "price_ocean", "period": 9, "cancels": True,
                      "ends": True}, {"status": "canceled"}, set(), id="over-on-both-sides"),
    ],
)  # fmt: skip
def test_a_disagreement_is_of_its_kind(stripe: dict[str, object], row: dict[str, object], expected: set[Kind]) -> None:
    assert kinds([SEEN._replace(**stripe)], [KEPT._replace(**row)]) == expected  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("stripe", "rows", "expected"),
    [
        pytest.param([SEEN], [], {"no-row"}, id="all-rows-lost"),
        pytest.param([SEEN._replace(status="unpaid")], [], {"no-row"}, id="unpaid-without-row"),
        pytest.param([SEEN._replace(status="incomplete")], [], set(), id="not-begun"),
        pytest.param([SEEN._replace(status="canceled")], [], set(), id="ended"),
        pytest.param([SEEN._replace(aside=True)], [], set(), id="of-a-test-clock"),
        pytest.param([], [KEPT], {"no-subscription", "customer-gone"}, id="not-at-stripe"),
        pytest.param([], [KEPT._replace(price=None)], {"no-subscription"}, id="not-at-stripe-free"),
        pytest.param([], [KEPT._replace(subscription="sub_seatrial_1")], set(), id="a-drill's-row"),
        pytest.param([], [KEPT._replace(status="canceled")], set(), id="over-and-not-at-stripe"),
        pytest.param([], [KEPT._replace(subscription=None)], {"no-subscription", "customer-gone"}, id="never-bought"),
        pytest.param([], [KEPT._replace(subscription=None, customer=None, price=None)], set(), id="free"),
        pytest.param([SEEN, SEEN._replace(id="sub_2")], [KEPT], {"no-row", "doubled"}, id="bought-twice"),
        pytest.param([SEEN, SEEN._replace(id="sub_2", status="canceled")], [KEPT], set(), id="bought-again"),
        pytest.param(
            [SEEN, SEEN._replace(id="sub_2")],
            [KEPT, KEPT._replace(key="row-2", organization="org-2", subscription="sub_2")],
            set(), id="one-customer-of-two-organizations",
        ),
        pytest.param(
            [SEEN._replace(organization="org-1"), SEEN._replace(id="sub_2", customer="cus_2", organization="org-1")],
            [KEPT], {"no-row", "doubled"}, id="two-customers-of-one-organization",
        ),
        pytest.param([SEEN], [KEPT, KEPT._replace(key="row-2")], {"doubled"}, id="in-two-rows"),
    ],
)  # fmt: skip
def test_what_is_on_one_side_only_or_twice(stripe: list[Seen], rows: list[Kept], expected: set[Kind]) -> None:
    assert kinds(stripe, rows) == expected


def test_what_the_environment_declares_is_obeyed() -> None:
    trial = KEPT._replace(subscription=None, customer=None, status="trialing")
    foreign = SEEN._replace(id="sub_2", customer="cus_2", price=None, plans=0)

    assert kinds([SEEN], [KEPT, trial], Table(granted=("trialing",))) == set()
    assert kinds([SEEN], [KEPT, trial]) == {"no-subscription", "customer-gone"}
    assert kinds([SEEN, foreign], [KEPT], Table(shared=True)) == set()
    assert kinds([SEEN, foreign], [KEPT]) == {"no-row"}
    assert kinds([SEEN._replace(quantity=3)], [KEPT._replace(quantity=2)], Table(quantity="seats")) == {"price"}
    assert kinds([SEEN._replace(period=9)], [KEPT], Table(tolerance=2000.0)) == set()


@pytest.mark.parametrize(
    ("table", "kind", "lacking"),
    [
        (Table(period_end=""), "period", "period_end"),
        (Table(cancels=""), "cancellation", "cancels"),
        (Table(customer="", organization=""), "customer", "customer and organization"),
        (Table(customer=""), "customer", ""),
        (Table(), "period", ""),
    ],
)
def test_what_the_table_lacks_is_said_to_be_lacking(table: Table, kind: Kind, lacking: str) -> None:
    assert Comparison(table).lacks(kind) == lacking


def test_without_a_column_of_customers_the_subscription_s_own_counts() -> None:
    table, row = Table(customer=""), KEPT._replace(customer=None)

    assert kinds([SEEN], [row], table) == set()
    assert kinds([SEEN._replace(gone=True)], [row], table) == {"customer-gone"}


def whole(*prices: str, **more: object) -> Subscription:
    """A subscription as Stripe gives it, with an item for each price."""
    items = [Item(id=f"si_{price}", price=Price(id=price, unit_amount=2900), current_period_end=5) for price in prices]
    fields: dict[str, object] = {
        "id": "sub_1", "status": "active", "created": 1, "items": Items(data=items, has_more=False),
        "customer": Customer(id="cus_1", invoice_settings=InvoiceSettings(default_payment_method="pm_1")),
        "cancel_at_period_end": False, "cancel_at": None, "collection_method": "charge_automatically",
        "default_payment_method": None, "default_source": None, "schedule": None, "test_clock": None, "metadata": {},
    }  # fmt: skip
    return Subscription(**(fields | more))  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("prices", "price", "plans"),
    [
        (("price_coast",), "price_coast", 1),
        (("price_coast_2025",), "price_coast", 1),
        (("price_coast_2020",), "price_coast", 1),
        (("price_storage", "price_ocean"), "price_ocean", 1),
        (("price_coast", "price_ocean"), "price_coast", 2),
        (("price_storage",), None, 0),
    ],
)
def test_the_price_of_the_plan_is_told_from_the_others(prices: tuple[str, ...], price: str | None, plans: int) -> None:
    kept = reduced(whole(*prices), CATALOGUE, "organization_id")

    assert (kept.price, kept.plans) == (price, plans)


@pytest.mark.parametrize(
    ("more", "method", "charged"),
    [
        ({}, True, True),
        (
            {"customer": Customer(id="cus_1", invoice_settings=InvoiceSettings(default_payment_method=None))},
            False,
            True,
        ),
        ({"default_source": "card_1", "customer": Customer(id="c", deleted=True)}, True, True),
        ({"collection_method": "send_invoice"}, True, False),
        ({"cancel_at_period_end": True}, True, False),
        ({"cancel_at": 5}, True, False),
        ({"cancel_at": 6}, True, True),
    ],
)
def test_who_can_be_charged(more: dict[str, object], method: bool, charged: bool) -> None:
    kept = reduced(whole("price_coast", **more), CATALOGUE, "organization_id")

    assert (kept.method, kept.charged) == (method, charged)


def test_one_that_goes_on_has_to_be_whole_and_one_that_ended_has_not() -> None:
    half = Customer(id="cus_1")

    for strange in (whole(), whole("price_coast", customer=half)):
        with pytest.raises(Unobservable, match="Stripe gives sub_1 without items, or its customer in part"):
            reduced(strange, CATALOGUE, "")
    assert reduced(whole(status="canceled", customer=half), CATALOGUE, "").period is None


def test_a_subscription_that_is_given_twice_is_not_counted_twice() -> None:
    ledger = Ledger()
    ledger.saw([SEEN])

    with pytest.raises(Unobservable, match="gives a subscription twice: ask again later"):
        ledger.saw([SEEN])
