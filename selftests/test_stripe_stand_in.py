"""The stand-in for Stripe, read with the real SDK: lists and pages, filters, `expand`, what cannot be asked."""

from collections.abc import Iterator
from typing import Any

import pytest

from selftests.stripe_served import GATEWAY, READS, Served, served

MANY = {"synthetic_subscriptions": 250}


@pytest.fixture(scope="module")
def vendor() -> Iterator[Served]:
    with served(MANY) as running:
        yield running


def test_the_sdk_reads_every_kind(vendor: Served) -> None:
    v1 = vendor.client(READS).v1

    assert v1.balance.retrieve().livemode is False
    assert v1.products.retrieve("prod_seed_coast").default_price == "price_seed_coast"
    assert v1.prices.retrieve("price_seed_ocean").unit_amount == 14900
    assert v1.customers.retrieve("cus_seed_atoll").invoice_settings.default_payment_method == "pm_seed_atoll"  # type: ignore[union-attr]  # always there
    assert v1.payment_methods.retrieve("pm_seed_atoll").customer == "cus_seed_atoll"
    assert v1.customers.payment_methods.list("cus_seed_atoll").data[0].id == "pm_seed_atoll"
    assert v1.subscriptions.retrieve("sub_seed_atoll")["items"].data[0].price.id == "price_seed_coast"
    assert v1.subscription_items.list({"subscription": "sub_seed_atoll"}).data[0].id == "si_seed_atoll"
    assert v1.subscription_items.retrieve("si_seed_atoll").subscription == "sub_seed_atoll"
    assert v1.invoices.retrieve("in_seed_atoll_1").status == "paid"
    assert v1.events.retrieve("evt_seed_berth_01").type == "invoice.paid"
    assert v1.webhook_endpoints.list().data[0].url == f"{GATEWAY}/functions/v1/handle-stripe-webhook"


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_lose_nothing_and_repeat_nothing(limit: int, vendor: Served) -> None:
    listed = vendor.client(READS).v1.subscriptions.list({"status": "all", "limit": limit})
    found = [item.id for item in listed.auto_paging_iter()]

    assert len(found) == len(set(found)) == 251
    assert found[:2] == ["sub_seed_atoll", "sub_synthetic_000250"]  # newest first, by id where they are of one second


def test_pages_go_back_as_they_went(vendor: Served) -> None:
    subscriptions = vendor.client(READS).v1.subscriptions
    forth = [item.id for item in subscriptions.list({"status": "all", "limit": 20}).auto_paging_iter()]
    back = subscriptions.list({"status": "all", "limit": 20, "ending_before": forth[-1]})

    assert [item.id for item in back] == forth[-21:-1]
    assert [item.id for item in back.auto_paging_iter()] == forth[:-1][::-1]  # as the SDK turns them around


def test_windows_of_created_cut_without_gap_or_overlap(vendor: Served) -> None:
    subscriptions = vendor.client(READS).v1.subscriptions
    whole = {item.id: item.created for item in subscriptions.list({"status": "all", "limit": 100}).auto_paging_iter()}
    cut = whole["sub_synthetic_000100"]

    def within(**created: int) -> set[str]:
        asked: Any = {"status": "all", "limit": 100, "created": created}
        return {item.id for item in subscriptions.list(asked).auto_paging_iter()}

    older, newer = within(lt=cut), within(gte=cut)
    assert older | newer == set(whole) and not older & newer
    assert within(lte=cut) - older == within(gte=cut) - within(gt=cut) == {n for n in whole if whole[n] == cut}
    assert within(gte=cut, lt=cut + 600) == {"sub_synthetic_000099", "sub_synthetic_000100", "sub_synthetic_000101"}


def ids(vendor: Served, path: str) -> list[str]:
    answer = vendor.get(path)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["data"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"trialing", "active", "past_due"}), ("status=all&", {"trialing", "active", "past_due", "canceled"}),
        ("status=canceled&", {"canceled"}), ("status=ended&", {"canceled"}), ("status=past_due&", {"past_due"}),
    ],
)  # fmt: skip
def test_a_list_of_subscriptions_has_the_statuses_that_are_asked_for(
    query: str, found: set[str], vendor: Served
) -> None:
    assert {item["status"] for item in vendor.get(f"/v1/subscriptions?{query}limit=100").json()["data"]} == found


def test_filters_are_obeyed(vendor: Served) -> None:
    assert ids(vendor, "/v1/subscriptions?customer=cus_synthetic_000007") == ["sub_synthetic_000007"]
    found = ids(vendor, "/v1/subscriptions?price=price_seed_ocean&status=past_due&limit=3")
    assert found == []  # those are the odd ones
    found = ids(vendor, "/v1/subscriptions?price=price_seed_coast&status=past_due&limit=3")
    assert found == ["sub_synthetic_000241", "sub_synthetic_000221", "sub_synthetic_000201"]
    assert ids(vendor, "/v1/prices?product=prod_seed_coast") == ["price_seed_coast", "price_seed_coast_2025"]
    assert ids(vendor, "/v1/prices?active=false") == ids(vendor, "/v1/prices?lookup_keys[]=none") == []
    assert ids(vendor, "/v1/customers?email=ada@atoll.example") == ["cus_seed_atoll"]
    assert ids(vendor, "/v1/payment_methods?customer=cus_seed_atoll&type=card") == ["pm_seed_atoll"]
    assert ids(vendor, "/v1/invoices?subscription=sub_seed_atoll&status=paid") == ["in_seed_atoll_1"]
    assert ids(vendor, "/v1/events?type=invoice.payment_failed") == []
    assert len(ids(vendor, "/v1/events?types[]=invoice.paid&types[]=x.y&limit=100&delivery_success=true")) in (12, 13)
    assert ids(vendor, "/v1/events?delivery_success=false") == []


def test_events_are_kept_for_thirty_days(vendor: Served) -> None:
    assert "evt_seed_subscription" not in ids(vendor, "/v1/events?limit=100")


def test_what_is_expanded_is_whole(vendor: Served) -> None:
    asked = "expand[]=data.customer.invoice_settings.default_payment_method&expand[]=data.latest_invoice&limit=1"
    [item] = vendor.get(f"/v1/subscriptions?{asked}").json()["data"]

    assert item["customer"]["invoice_settings"]["default_payment_method"]["card"]["last4"] == "4242"
    assert item["latest_invoice"]["status"] == "paid"
    price = vendor.get("/v1/prices/price_seed_coast?expand[]=product&expand[]=currency_options").json()
    assert (price["product"]["name"], price["currency_options"]["eur"]["unit_amount"]) == ("Coast", 2900)
    assert "currency_options" not in vendor.get("/v1/prices/price_seed_coast").json()


@pytest.mark.parametrize(
    ("path", "code", "param"),
    [
        ("/v1/prices?perPage=2", "parameter_unknown", "perPage"),
        ("/v1/prices?created[since]=2", "parameter_unknown", "created[since]"),
        ("/v1/prices?limit=0", "parameter_invalid_integer", "limit"),
        ("/v1/prices?limit=101", "parameter_invalid_integer", "limit"),
        ("/v1/prices?limit=ten", "parameter_invalid_integer", "limit"),
        ("/v1/prices?starting_after=price_gone", "resource_missing", "starting_after"),
        ("/v1/prices?starting_after=price_seed_coast&ending_before=price_seed_ocean", None, "ending_before"),
        ("/v1/prices?expand[]=data.product.default_price.product.name", None, "expand"),
        ("/v1/prices?expand[]=data.currency", None, "expand"),
        ("/v1/subscriptions?status=alive", None, "status"),
        ("/v1/subscription_items", "parameter_missing", "subscription"),
        ("/v1/events?" + "&".join(f"types[]=a.b{number}" for number in range(21)), None, "types"),
    ],
)
def test_what_cannot_be_asked_is_refused(path: str, code: str | None, param: str, vendor: Served) -> None:
    refused = vendor.get(path)
    error = refused.json()["error"]

    assert (refused.status_code, error["type"]) == (400, "invalid_request_error")
    assert (error.get("code"), error["param"]) == (code, param)
