"""Who may ask the stand-in for Stripe, in which version, how often, and in which mode; with the real SDK."""

from collections.abc import Iterator

import pytest
import stripe

from sandbox.services.stripe.documented import parameters
from sandbox.services.stripe.reading import ANSWERED, PARAMETERS
from selftests.stripe_served import READS, WRITES, Served, served


@pytest.fixture(scope="module")
def vendor() -> Iterator[Served]:
    with served() as running:
        yield running


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


def test_a_permission_can_be_named_as_it_was() -> None:
    with served({"permissions": {"plan_read": False}, "permission_wording": "rak"}) as vendor:
        message = vendor.get("/v1/prices").json()["error"]["message"]

    assert message.startswith("The provided key 'rk_test_***secret' does not have")
    assert message.endswith("Having the 'rak_plan_read' permission would allow this request to continue.")


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
