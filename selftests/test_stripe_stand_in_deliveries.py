"""The stand-in for Stripe delivers its events as Stripe does: signed, repeated until they are answered, and counted."""

import json
import re
import time
from typing import Any

import pytest
import stripe

from selftests.stripe_served import SIGNING, Served, served

SOON = {"deliveries": {"retry_after": [0.05, 0.05]}}
ENDPOINT: Any = {"url": "http://localhost:1/another", "enabled_events": ["*"]}


def changed(vendor: Served, text: str = "changed") -> dict[str, Any]:
    """The event of a change of the one subscription."""
    vendor.client().v1.subscriptions.update("sub_seed_atoll", {"description": text})
    return newest(vendor)


def newest(vendor: Served) -> dict[str, Any]:
    event: dict[str, Any] = vendor.get("/v1/events?limit=1").json()["data"][0]
    return event


def test_a_delivery_is_signed_with_every_secret_that_is_valid() -> None:
    with served() as vendor:
        event = changed(vendor)
        assert vendor.delivered() == ["customer.subscription.updated"]
        [posted] = vendor.posted

        assert posted.url == "http://localhost:1/functions/v1/handle-stripe-webhook"
        assert posted.event(SIGNING[0]).id == posted.event(SIGNING[1]).id == event["id"]
        with pytest.raises(stripe.SignatureVerificationError):
            posted.event("whsec_another")
        assert re.fullmatch(r"t=\d+,v1=\w{64},v1=\w{64},v0=\w+", posted.headers["stripe-signature"])
        assert posted.headers["content-type"] == "application/json; charset=utf-8"
        assert posted.body.startswith(b'{\n  "id": "evt_')  # as Stripe writes bodies: indented


def test_events_that_the_endpoint_did_not_ask_for_stay_here() -> None:
    with served() as vendor:
        vendor.client().v1.customers.update("cus_seed_atoll", {"description": "changed"})

        assert vendor.delivered() == []
        assert newest(vendor)["pending_webhooks"] == 0


def test_what_was_not_answered_with_2xx_is_delivered_again_with_a_new_signature() -> None:
    with served(SOON) as vendor:
        vendor.status.extend([500, 302, 200])
        changed(vendor)
        assert vendor.delivered() == ["customer.subscription.updated"] * 3

        assert len({posted.event().id for posted in vendor.posted}) == 1
        assert newest(vendor)["pending_webhooks"] == 0
        assert vendor.get("/_counted").json()["deliveries"] == {"attempts": 3, "refused": 2, "delivered": 1}


def test_what_was_never_answered_stays_pending_and_is_found() -> None:
    with served(SOON) as vendor:
        vendor.status.extend([500] * 9)
        event = changed(vendor)
        assert len(vendor.delivered()) == 3

        [found] = vendor.get("/v1/events?delivery_success=false").json()["data"]
        assert (found["id"], found["pending_webhooks"]) == (event["id"], 1)


def test_an_event_is_sent_again_on_request() -> None:
    with served({"deliveries": {"lost": ["*"]}}) as vendor:
        event = changed(vendor)
        assert (vendor.delivered(), newest(vendor)["pending_webhooks"]) == ([], 1)

        vendor.post(f"/v1/events/{event['id']}/retry", webhook_endpoint="we_seed_ocean")
        assert len(vendor.delivered()) == 1 and newest(vendor)["pending_webhooks"] == 0


def test_each_endpoint_gets_what_it_asked_for_with_its_own_secret_and_in_its_own_version() -> None:
    with served() as vendor:
        asked: Any = {**ENDPOINT, "api_version": "2024-11-20.acacia"}
        made = vendor.client().v1.webhook_endpoints.create(asked)
        event = changed(vendor)
        vendor.delivered()
        [another] = [posted for posted in vendor.posted if posted.url.endswith("/another")]
        told = another.event(str(made.secret)).to_dict()

        assert [json.loads(posted.body)["pending_webhooks"] for posted in vendor.posted] == [2, 1]
        assert (told["api_version"], event["api_version"]) == ("2024-11-20.acacia", "2026-10-28.endive")
        assert "current_period_end" in told["data"]["object"] and "current_period_end" not in event["data"]["object"]
        assert "secret" not in vendor.get(f"/v1/webhook_endpoints/{made.id}").json()


@pytest.mark.parametrize("change", [{"disabled": True}, {"enabled_events": ["invoice.paid"]}, None])
def test_an_endpoint_that_is_off_or_gone_gets_nothing(change: dict[str, Any] | None) -> None:
    with served() as vendor:
        endpoints = vendor.client().v1.webhook_endpoints
        if change is None:
            endpoints.delete("we_seed_ocean")
        else:
            endpoints.update("we_seed_ocean", change)  # type: ignore[arg-type]  # a part of the parameters

        changed(vendor)
        assert vendor.delivered() == []
        assert (vendor.get("/v1/webhook_endpoints/we_seed_ocean").status_code == 404) == (change is None)


def test_nothing_is_sent_to_another_machine() -> None:
    with served(SOON, {"webhook_endpoints": {"we_seed_ocean": {"url": "https://ocean.example/hook"}}}) as vendor:
        changed(vendor)

        assert vendor.delivered() == [] and newest(vendor)["pending_webhooks"] == 1


def bought(vendor: Served) -> list[str]:
    asked: Any = {"customer": "cus_seed_atoll", "items": [{"price": "price_seed_ocean"}]}
    vendor.client().v1.subscriptions.create(asked)
    return vendor.delivered()


@pytest.mark.parametrize(
    ("rules", "kinds"),
    [
        ({}, ["customer.subscription.created", "invoice.paid"]),
        ({"order": "reversed"}, ["invoice.paid", "customer.subscription.created"]),
        ({"lost": ["customer.subscription.created"]}, ["invoice.paid"]),
        ({"delayed": {"customer.subscription.created": 0.1}}, ["invoice.paid", "customer.subscription.created"]),
        ({"duplicated": ["invoice.paid"]}, ["customer.subscription.created", "invoice.paid", "invoice.paid"]),
    ],
)
def test_deliveries_go_wrong_as_the_state_says(rules: dict[str, Any], kinds: list[str]) -> None:
    with served({"deliveries": rules}) as vendor:
        assert bought(vendor) == kinds


def test_events_of_one_request_can_come_together() -> None:
    with served({"deliveries": {"order": "together"}}) as vendor:
        assert sorted(bought(vendor)) == ["customer.subscription.created", "invoice.paid"]


def test_what_is_delayed_comes_late() -> None:
    with served({"deliveries": {"delayed": {"*": 0.3}}}) as vendor:
        changed(vendor)
        begun = time.monotonic()
        assert vendor.posted == []

        assert len(vendor.delivered()) == 1 and time.monotonic() - begun > 0.2


def test_a_live_account_does_not_sign_with_v0() -> None:
    with served({"livemode": True}) as vendor:
        changed(vendor)
        vendor.delivered()

        assert "v0=" not in vendor.posted[0].headers["stripe-signature"]
