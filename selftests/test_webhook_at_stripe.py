"""Whatever Stripe answers to a drill, the drill comes to a sentence, and what it made is looked for when it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
import respx

from fixtures.facts import Unobservable
from fixtures.stripe.client import StripeReader
from fixtures.webhook.at_stripe import EMAIL, AtStripe, Subscribed
from selftests.broken_answers import BROKEN, THROTTLED, said
from selftests.stripe_asked import BASE, writer

NOW = 1_800_000_000.0
SUBSCRIBED = Subscribed(id="sub_1", status="active", items={"data": []})  # type: ignore[arg-type]  # of no use here
STEPS: dict[str, tuple[str, str, Callable[[AtStripe], Awaitable[object]]]] = {
    "mode": ("GET", "/v1/balance", lambda drill: drill.demand_test_mode()),
    "customer": ("POST", "/v1/customers", lambda drill: drill.make_customer()),
    "card": ("POST", "/v1/payment_methods/pm_card_visa/attach", lambda drill: drill.attach_card()),
    "subscription": ("POST", "/v1/subscriptions", lambda drill: drill.subscribe("price_1")),
    "cancel": ("DELETE", "/v1/subscriptions/sub_1", lambda drill: drill.cancel()),
    "events": ("GET", "/v1/events", lambda drill: drill.events()),
    "remove": ("DELETE", "/v1/customers/cus_1", lambda drill: drill.remove()),
    "abandoned": ("GET", "/v1/customers", lambda drill: drill.remove_abandoned(NOW)),
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked twice, which takes four seconds each."""
    monkeypatch.setattr(StripeReader.get, "__defaults__", (None, 0.0))


def drill(**known: Any) -> AtStripe:
    made = AtStripe(writer(), "run_1", {"organization_id": "org_1"}, begun=True, customer="cus_1")
    made.subscription = SUBSCRIBED
    for name, value in known.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize("broken", [*BROKEN, *THROTTLED])
@pytest.mark.parametrize("step", STEPS)
def test_what_is_no_answer_is_told(step: str, broken: httpx.Response | Exception) -> None:
    method, path, call = STEPS[step]

    with respx.mock:
        respx.request(method, url__startswith=BASE + path).mock(**said(broken))

        with pytest.raises(Unobservable, match=r"Stripe|api\.stripe\.com"):
            asyncio.run(_patiently(call))


@pytest.mark.parametrize(
    "answer", [{}, {"id": 5}, {"id": None, "status": "active"}, {"id": "sub_1", "status": "active"}]
)
def test_what_stripe_made_is_read_as_documented(answer: dict[str, Any]) -> None:
    with respx.mock:
        respx.post(f"{BASE}/v1/subscriptions").mock(return_value=httpx.Response(200, json=answer))

        with pytest.raises(Unobservable, match="something else than documented"):
            asyncio.run(drill().subscribe("price_1"))


def test_a_live_account_is_left_alone() -> None:
    with respx.mock:
        respx.get(f"{BASE}/v1/balance").mock(return_value=httpx.Response(200, json={"livemode": True}))

        with pytest.raises(Unobservable, match="belongs to live mode: nothing is made there"):
            asyncio.run(drill().demand_test_mode())


def test_nothing_is_looked_for_when_nothing_was_begun() -> None:
    with respx.mock:
        asyncio.run(drill(begun=False, customer="").remove())


def test_a_customer_whose_answer_got_lost_is_found_by_its_mark() -> None:
    with respx.mock:
        listed = respx.get(f"{BASE}/v1/customers").mock(return_value=page(ours=("run_1", 0), others=("run_2", 0)))
        gone = respx.delete(f"{BASE}/v1/customers/ours").mock(return_value=deleted("ours"))
        asyncio.run(drill(customer="").remove())

    assert listed.calls[0].request.url.params["email"] == EMAIL
    assert gone.call_count == 1


def test_a_customer_who_is_gone_already_is_no_trouble_and_another_404_is() -> None:
    missing = {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such customer"}}
    elsewhere = {"error": {"type": "invalid_request_error", "message": "Unrecognized request URL"}}
    with respx.mock:
        respx.delete(f"{BASE}/v1/customers/cus_1").mock(
            side_effect=[httpx.Response(404, json=missing), httpx.Response(404, json=elsewhere)]
        )
        asyncio.run(drill().remove())
        with pytest.raises(Unobservable):
            asyncio.run(drill().remove())


def test_only_what_is_old_and_marked_counts_as_left_behind() -> None:
    with respx.mock:
        respx.get(f"{BASE}/v1/customers").mock(
            return_value=page(old=("run_0", 3600), young=("run_2", 600), somebody=(None, 3600))
        )
        gone = respx.delete(f"{BASE}/v1/customers/old").mock(return_value=deleted("old"))

        assert asyncio.run(drill().remove_abandoned(NOW)) == 1

    assert gone.call_count == 1


def page(**customers: tuple[str | None, int]) -> httpx.Response:
    """Customers by id: the run that marked them, and their age in seconds."""
    data = [
        {"id": name, "object": "customer", "created": int(NOW) - age, "metadata": {"seatrial": run} if run else {}}
        for name, (run, age) in customers.items()
    ]
    return httpx.Response(200, json={"object": "list", "data": data, "has_more": False, "url": "/v1/customers"})


def deleted(name: str) -> httpx.Response:
    return httpx.Response(200, json={"id": name, "object": "customer", "deleted": True})


async def _patiently(call: Callable[[AtStripe], Awaitable[object]]) -> None:
    """With a deadline of its own, as an observation has one."""
    async with asyncio.timeout(10):
        await call(drill())
