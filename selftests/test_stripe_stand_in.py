"""The stand-in for Stripe, read with the real SDK: lists and pages, filters, `expand`, versions, refusals, limits."""

from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from sandbox.services.stripe.documented import parameters
from sandbox.services.stripe.reading import ANSWERED, PARAMETERS
from selftests.stripe_served import GATEWAY, READS, WRITES, Served, served

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


def test_errors_reach_the_sdk_as_their_classes(vendor: Served) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such price: 'price_gone'") as gone:
        vendor.client(READS).v1.prices.retrieve("price_gone")
    with pytest.raises(stripe.AuthenticationError, match=r"Invalid API Key provided: sk_test_\*\*\*secret"):
        vendor.client("sk_test_wrong_secret").v1.balance.retrieve()
    with pytest.raises(stripe.PermissionError, match=r'Enabling "Customers Write" \(\'customer_write\'\)'):
        vendor.client(READS).v1.customers.create()
    with pytest.raises(stripe.PermissionError, match="accounts_kyc_basic_read"):
        vendor.client(READS).v1.accounts.retrieve_current()

    assert (gone.value.http_status, gone.value.code, gone.value.param) == (404, "resource_missing", "price")
    assert vendor.client(WRITES).v1.accounts.retrieve_current().country == "DE"


def test_nobody_answers_without_a_key_or_where_nothing_is(vendor: Served) -> None:
    assert vendor.get("/v1/balance", authorization="").status_code == 401
    assert vendor.get("/v1/balance", authorization="Basic !").status_code == 401
    assert (
        vendor.get("/v1/nothing").json()["error"]["message"].startswith("Unrecognized request URL (GET: /v1/nothing)")
    )
    assert vendor.post("/v1/balance").status_code == 404


def test_a_permission_that_was_taken_away_is_named_wherever_it_is_needed() -> None:
    with served({"permissions": {"customer_read": False}}) as vendor:
        direct = vendor.get("/v1/customers")
        expanded = vendor.get("/v1/subscriptions?expand[]=data.customer")

        assert direct.status_code == expanded.status_code == 403
        assert "\"Customers Read\" ('customer_read')" in expanded.json()["error"]["message"]
        assert vendor.get("/v1/subscriptions").status_code == 200


def test_a_version_is_answered_as_it_was(vendor: Served) -> None:
    newest = vendor.get("/v1/subscriptions/sub_seed_atoll")
    old = vendor.get("/v1/subscriptions/sub_seed_atoll", stripe_version="2024-11-20.acacia")
    bill = vendor.get("/v1/invoices/in_seed_atoll_1", stripe_version="2025-02-24.acacia").json()

    assert newest.headers["stripe-version"] == stripe.api_version == "2026-10-28.endive"
    assert old.headers["stripe-version"] == "2024-11-20.acacia"
    assert "current_period_end" not in newest.json()
    assert old.json()["current_period_end"] == newest.json()["items"]["data"][0]["current_period_end"]
    assert "current_period_end" not in old.json()["items"]["data"][0]
    assert (bill["subscription"], bill["paid"]) == ("sub_seed_atoll", True)


@pytest.mark.parametrize("version", ["2024-11-20", "2024-11-20.endive", "latest"])
def test_a_version_that_is_none_is_refused(version: str, vendor: Served) -> None:
    refused = vendor.get("/v1/balance", stripe_version=version)

    assert (refused.status_code, refused.json()["error"]["message"]) == (400, f"Invalid Stripe API version: {version}")


def test_no_more_is_answered_within_a_second_than_is_allowed() -> None:
    with served({"requests_per_second": 5}) as vendor:
        answers = [vendor.get("/v1/balance") for _ in range(8)]
        counted = vendor.get("/_counted").json()

    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
    assert answers[-1].json()["error"]["code"] == "rate_limit"
    assert answers[-1].headers["stripe-rate-limited-reason"] == "global-rate"
    assert (counted["requests"], counted["refused"], counted["most_in_a_second"]) == (8, 3, 5)


def test_one_endpoint_is_limited_for_itself() -> None:
    with served({"requests_per_second": 50, "requests_per_endpoint": 2}) as vendor:
        prices = [vendor.get(f"/v1/prices/{name}") for name in ("price_seed_coast", "price_seed_ocean", "price_x")]

        assert prices[-1].headers["stripe-rate-limited-reason"] == "endpoint-rate"
        assert vendor.get("/v1/balance").status_code == 200


def test_everything_is_live_in_a_live_account() -> None:
    with served({"livemode": True}) as vendor:
        kinds = ["prices", "products", "customers", "subscriptions", "events", "webhook_endpoints", "invoices"]
        modes = [item["livemode"] for kind in kinds for item in vendor.get(f"/v1/{kind}").json()["data"]]

        assert set(modes) == {True} and vendor.get("/v1/balance").json()["livemode"]
        assert vendor.stand_in.account.limits.per_second == 10_000


@pytest.mark.parametrize("kind", PARAMETERS)
def test_lists_take_the_parameters_that_the_sdk_lists(kind: str) -> None:
    call = kind.removesuffix("s") + "_list"
    listed = parameters(call) - {"limit", "starting_after", "ending_before", "expand"}

    assert listed == set(PARAMETERS[kind])
    assert set(ANSWERED.get(kind, ())) <= listed


def test_a_large_account_is_as_sql_can_say_it(vendor: Served) -> None:
    item = vendor.get("/v1/subscriptions/sub_synthetic_000033").json()

    assert item["created"] == 1735689600 + 33 // 3 * 600
    assert item["metadata"] == {"organization_id": "4a8db155-4cfd-3f6f-ff63-2eea325b7e33"}  # md5(id)::uuid
    assert item["items"]["data"][0]["current_period_end"] == item["cancel_at"] == 1893456000 + 33
    assert vendor.get("/v1/subscriptions/sub_synthetic_000251").status_code == 404


def test_one_of_a_large_account_can_differ_or_be_gone() -> None:
    changes = {"sub_synthetic_000007": {"status": "unpaid"}, "sub_synthetic_000009": None}
    with served(MANY, {"subscriptions": changes, "customers": {"cus_synthetic_000011": None}}) as vendor:
        found = vendor.get("/v1/subscriptions?limit=100&created[lt]=1735693200&expand[]=data.customer").json()["data"]
        known = {item["id"]: item for item in found}

        assert known["sub_synthetic_000007"]["status"] == "unpaid"
        assert known["sub_synthetic_000007"]["customer"]["id"] == "cus_synthetic_000007"
        assert "sub_synthetic_000009" not in known
        assert vendor.get("/v1/subscriptions/sub_synthetic_000009").status_code == 404
        assert known["sub_synthetic_000011"]["customer"] == {
            "id": "cus_synthetic_000011", "object": "customer", "deleted": True,
        }  # fmt: skip


def test_what_a_patch_takes_away_is_null_and_the_rest_stays_whole() -> None:
    tiered = {"unit_amount": None, "unit_amount_decimal": None, "recurring": None}
    changes = {"price_seed_ocean": tiered, "price_seed_coast": {"unit_amount": 3100}, "price_seed_coast_2025": None}
    with served({"prices": changes, "webhook_endpoints": {"we_seed_ocean": {"api_version": None}}}) as vendor:
        known = {item["id"]: item for item in vendor.get("/v1/prices").json()["data"]}

        assert known["price_seed_ocean"]["recurring"] is None and known["price_seed_ocean"]["unit_amount"] is None
        assert known["price_seed_coast"]["unit_amount_decimal"] == "3100"
        assert known.keys() == {"price_seed_ocean", "price_seed_coast", "price_seed_ocean_2025"}
        assert vendor.get("/v1/webhook_endpoints").json()["data"][0]["api_version"] is None
        assert vendor.get("/v1/subscriptions/sub_seed_atoll").json()["items"]["data"][0]["price"]["unit_amount"] == 3100


def test_a_row_says_only_what_differs() -> None:
    two = {"items": {"data": [{"price": "price_seed_coast"}, {"price": "price_seed_ocean", "quantity": 3}]}}
    item = {"price": "price_seed_ocean", "current_period_end": 1_900_000_000}
    with served(
        {"subscriptions": {"sub_two": two, "sub_seed_atoll": {"item": item}}, "prices": {"price_seed_coast": None}}
    ) as vendor:
        held = {sub["id"]: sub["items"]["data"] for sub in vendor.get("/v1/subscriptions").json()["data"]}

        assert [(each["price"]["id"], each["quantity"]) for each in held["sub_two"]] == [
            ("price_seed_coast", 1), ("price_seed_ocean", 3),
        ]  # fmt: skip
        assert len({each["id"] for each in held["sub_two"]}) == 2
        [atoll] = held["sub_seed_atoll"]
        assert (atoll["id"], atoll["price"]["id"], atoll["plan"]["amount"]) == (
            "si_seed_atoll",
            "price_seed_ocean",
            14900,
        )
        assert atoll["current_period_end"] == 1_900_000_000
