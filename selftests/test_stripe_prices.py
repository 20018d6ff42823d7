"""Plans and prices: what counts as a disagreement, and what only looks like one."""

import asyncio
from typing import Any

import httpx
import msgspec
import pytest
import respx

from fixtures import Inapplicable, Unobservable
from fixtures.stripe.plans import Plan, _minor
from fixtures.stripe.prices import PriceBook, _Price, differences, read_plan_prices, read_previous_prices
from selftests.stripe_asked import COAST, HOST, asked, reader

PRICE: dict[str, Any] = {
    "id": "price_1", "object": "price", "active": True, "livemode": False, "currency": "eur", "unit_amount": 2900,
    "unit_amount_decimal": "2900", "billing_scheme": "per_unit", "transform_quantity": None,
    "recurring": {"interval": "month", "interval_count": 1, "usage_type": "licensed"},
    "product": {"id": "prod_1", "object": "product", "active": True},
}  # fmt: skip


def compared(plan: Plan, **changed: Any) -> dict[str, str]:
    return dict(differences(plan, msgspec.convert({**PRICE, **changed}, _Price)))


def recurring(**changed: Any) -> dict[str, Any]:
    return {"recurring": {**PRICE["recurring"], **changed}}


@pytest.mark.parametrize(
    ("changed", "aspect", "told"),
    [
        ({"active": False}, "active", "the price is archived"),
        ({"product": {"id": "prod_1", "active": False}}, "active", "its product prod_1 is archived"),
        ({"product": {"id": "prod_1", "deleted": True}}, "active", "its product prod_1 is archived"),
        ({"product": {"id": "prod_1"}}, "active", "its product prod_1 is archived"),
        ({"unit_amount_decimal": "2900.5"}, "amount", "2900 in the table, 2900.5 at Stripe"),
        ({"unit_amount_decimal": None, "billing_scheme": "tiered"}, "amount", "no single amount (tiered)"),
        ({"transform_quantity": {"divide_by": 10, "round": "up"}}, "amount", "for a package of units"),
        (recurring(usage_type="metered"), "amount", "for each use (metered)"),
        ({"currency": "usd"}, "currency", "eur in the table, usd at Stripe"),
        ({"recurring": None}, "interval", "month in the table, once at Stripe"),
        (recurring(interval="year"), "interval", "year at Stripe"),
        (recurring(interval_count=3), "interval", "3 months at Stripe"),
        (recurring(interval="week", interval_count=4), "interval", "4 weeks at Stripe"),
    ],
)
def test_a_difference_is_told_once(changed: dict[str, Any], aspect: str, told: str) -> None:
    found = compared(COAST, **changed)

    assert list(found) == [aspect]
    assert told in found[aspect]


@pytest.mark.parametrize(
    ("plan", "changed"),
    [
        ({}, {}),
        ({}, {"unit_amount_decimal": "2900.0"}),
        ({"amount": "0"}, {"unit_amount_decimal": "0"}),
        ({"interval": "year"}, recurring(interval="month", interval_count=12)),
        ({"interval": "week"}, recurring(interval="day", interval_count=7)),
        ({"currency": "usd", "amount": "3100"}, {"currency_options": {"usd": {"unit_amount_decimal": "3100"}}}),
    ],
    ids=["same", "as-decimal", "free", "twelve-months", "seven-days", "other-currency"],
)
def test_what_is_the_same_in_other_words_is_no_difference(plan: dict[str, str], changed: dict[str, Any]) -> None:
    assert compared(msgspec.structs.replace(COAST, **plan), **changed) == {}


def test_the_amount_of_another_currency_is_compared_as_well() -> None:
    plan = msgspec.structs.replace(COAST, currency="usd")

    assert list(compared(plan, currency_options={"usd": {"unit_amount_decimal": "3100"}})) == ["amount"]


@pytest.mark.parametrize(
    ("amount", "currency", "unit", "minor"),
    [
        ("2900", "eur", "minor", "2900"),
        ("29.00", "eur", "major", "2900"),
        ("29", "jpy", "major", "29"),
        ("1.234", "bhd", "major", "1234"),
        ("1E+3", "eur", "minor", "1000"),
    ],
)
def test_amounts_are_compared_in_the_smallest_unit(amount: str, currency: str, unit: str, minor: str) -> None:
    assert _minor(amount, currency, unit) == minor


@pytest.mark.parametrize("amount", ["$29.00", "29,00", "NaN", "Infinity", ""])
def test_an_amount_that_is_no_number_is_told(amount: str) -> None:
    with pytest.raises(Unobservable, match=r"no number: see \[stripe.plans\] amount"):
        _minor(amount, "eur", "minor")


def test_each_price_is_asked_for_once() -> None:
    with respx.mock:
        route = respx.get(host=HOST, path="/v1/prices/price_1").mock(return_value=httpx.Response(200, json=PRICE))

        async def twice() -> None:
            book = PriceBook(reader())
            await asyncio.gather(read_plan_prices(book, (COAST, COAST)), read_plan_prices(book, (COAST,)))

        asyncio.run(twice())

    assert route.call_count == 1


def previous(declared: dict[str, str] | None, **changed: Any) -> Any:
    """What is said of price_0 as the way back from price_1."""
    with respx.mock(assert_all_called=False) as stripe:
        stripe.get(host=HOST, path="/v1/prices/price_1").respond(json=PRICE)
        missing = httpx.Response(404, json={"error": {"code": "resource_missing", "message": "No such price"}})
        former = missing if changed.get("missing") else httpx.Response(200, json={**PRICE, "id": "price_0", **changed})
        stripe.get(host=HOST, path="/v1/prices/price_0").mock(return_value=former)
        return asked(lambda client: read_previous_prices(PriceBook(client), (COAST,), declared))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, None),
        ({"product": {"id": "prod_0", "active": True}, "unit_amount_decimal": "2500"}, None),
        ({"active": False}, "cannot be used: the price is archived"),
        ({"product": {"id": "prod_0", "active": False}}, "its product prod_0 is archived"),
        ({"currency": "usd"}, "another currency than the current price: usd, not eur"),
        (recurring(interval="year"), "another interval than the current price: year, not month"),
        ({"missing": True}, "is not known to Stripe"),
    ],
)
def test_a_way_back_is_an_active_price_for_the_same_money_and_time(changed: dict[str, Any], told: str | None) -> None:
    (found,) = previous({"price_1": "price_0"}, **changed)

    assert (told or "None") in str(found.wrong)


def test_a_price_is_no_way_back_from_itself() -> None:
    (found,) = previous({"price_1": "price_1"})

    assert found.wrong == "is the current price itself"


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        (None, "names no previous_prices"),
        ({"price_of_last_year": "price_0"}, "names price_of_last_year, which no plan on sale has and says nothing of"),
    ],
)
def test_a_way_back_that_is_not_up_to_date_is_not_judged(declared: dict[str, str] | None, told: str) -> None:
    with pytest.raises(Unobservable, match=told):
        previous(declared)


@pytest.mark.parametrize("declared", [{}, {"price_1": ""}])
def test_that_there_is_no_way_back_must_be_declared(declared: dict[str, str]) -> None:
    with pytest.raises(Inapplicable):
        previous(declared)
