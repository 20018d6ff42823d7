"""The stand-in for Stripe among the sandbox's other services: its events reach the application's webhook function."""

import time
from collections.abc import Callable
from typing import Any

import httpx

from selftests.running_sandbox import Sandbox, sandbox

PATIENCE = 10.0


def stripe(ocean: Sandbox, method: str, path: str, **form: str) -> Any:
    """The answer of the running stand-in to the key that may write."""
    said = ocean.variables
    headers = {"authorization": f"Bearer {said['STRIPE_TEST_KEY']}"}
    answer = httpx.request(method, said["STRIPE_API_URL"] + path, headers=headers, data=form or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def changed(ocean: Sandbox) -> str:
    """The id of the event of a change."""
    stripe(ocean, "POST", "/v1/subscriptions/sub_seed_atoll", description="changed")
    return str(stripe(ocean, "GET", "/v1/events?type=customer.subscription.updated&limit=1")["data"][0]["id"])


def settled(look: Callable[[], Any], wanted: Any) -> bool:
    """Whether it becomes so within some seconds."""
    until = time.monotonic() + PATIENCE
    while look() != wanted:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_an_event_is_delivered_to_the_function_and_recorded() -> None:
    with sandbox() as ocean:
        event = changed(ocean)

        assert settled(lambda: stripe(ocean, "GET", f"/v1/events/{event}")["pending_webhooks"], 0)
        rows = ocean.rows(f"select type, livemode from public.webhook_events where id = '{event}'")
        assert rows == [("customer.subscription.updated", False)]
        assert ocean.variables["STRIPE_API_KEY"].startswith("rk_test_")


def test_what_stands_before_the_function_keeps_events_away() -> None:
    with sandbox("--fault", "webhook-not-deployed") as ocean:
        event = changed(ocean)
        counted = ocean.variables["STRIPE_API_URL"] + "/_counted"

        assert settled(lambda: httpx.get(counted).json()["deliveries"].get("refused", 0) > 1, wanted=True)
        assert stripe(ocean, "GET", f"/v1/events/{event}")["pending_webhooks"] == 1
