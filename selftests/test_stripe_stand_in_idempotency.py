"""Idempotency keys of the stand-in for Stripe: one key, one effect."""

import threading
import time
from collections.abc import Iterator

import pytest

from selftests.stripe_bought import kinds
from selftests.stripe_served import Served, served


@pytest.fixture
def vendor() -> Iterator[Served]:
    with served() as running:
        yield running


def test_one_key_has_one_effect(vendor: Served) -> None:
    first = vendor.post("/v1/customers", idempotency_key="one", name="Drill")
    again = vendor.post("/v1/customers", idempotency_key="one", name="Drill")
    other = vendor.post("/v1/customers", idempotency_key="one", name="Another")

    assert first.json() == again.json() and "idempotent-replayed" not in first.headers
    assert (again.headers["idempotent-replayed"], again.headers["original-request"]) == (
        "true", first.headers["request-id"],
    )  # fmt: skip
    assert (other.status_code, other.json()["error"]["type"]) == (400, "idempotency_error")
    assert kinds(vendor) == ["customer.created"]


def test_a_request_that_was_refused_may_be_made_again_with_its_key(vendor: Served) -> None:
    assert vendor.post("/v1/customers", idempotency_key="one", nickname="x").status_code == 400
    assert vendor.post("/v1/customers", idempotency_key="one", name="Drill").status_code == 200


def test_the_same_key_at_the_same_time_is_a_conflict() -> None:
    with served({"write_seconds": 0.5}) as vendor:
        first: list[int] = []
        thread = threading.Thread(
            target=lambda: first.append(vendor.post("/v1/customers", idempotency_key="one").status_code)
        )
        thread.start()
        while vendor.get("/_counted").json()["requests"] < 1:
            time.sleep(0.01)
        conflict = vendor.post("/v1/customers", idempotency_key="one")
        thread.join()

        assert (first, conflict.status_code) == ([200], 409)
        assert conflict.json()["error"]["code"] == "idempotency_key_in_use"
        assert vendor.post("/v1/customers", idempotency_key="one").headers["idempotent-replayed"] == "true"
