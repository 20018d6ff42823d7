"""The stand-in for Stripe's state: large accounts that are made when they are looked at, and what fault rows write."""

import time

from selftests.stripe_served import served

MANY = {"synthetic_subscriptions": 250}


def test_a_large_account_is_as_sql_can_say_it() -> None:
    with served(MANY) as vendor:
        item = vendor.get("/v1/subscriptions/sub_synthetic_000033").json()

        assert item["created"] == 1735689600 + 33 // 3 * 600
        assert item["metadata"] == {"organization_id": "4a8db155-4cfd-3f6f-ff63-2eea325b7e33"}  # md5(id)::uuid
        assert item["items"]["data"][0]["current_period_end"] == item["cancel_at"] == 1893456000 + 33
        assert vendor.get("/v1/subscriptions/sub_synthetic_000251").status_code == 404


def test_what_belongs_to_a_customer_of_a_large_account_is_found_at_once() -> None:
    with served({"synthetic_subscriptions": 1_000_000}) as vendor:
        begun = time.monotonic()
        [held] = vendor.get("/v1/subscriptions?customer=cus_synthetic_777777").json()["data"]
        [card] = vendor.get("/v1/customers/cus_synthetic_777777/payment_methods").json()["data"]
        item = vendor.get("/v1/subscription_items/si_synthetic_777777").json()
        vendor.client().v1.customers.delete("cus_synthetic_777777")

        assert (held["id"], card["id"], item["subscription"]) == (
            "sub_synthetic_777777", "pm_synthetic_777777", "sub_synthetic_777777",
        )  # fmt: skip
        assert vendor.get("/v1/subscriptions/sub_synthetic_777777").json()["status"] == "canceled"
        assert time.monotonic() - begun < 5  # seconds; all of them together take 20


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
