"""Stripe's own command line client (`make clis`) works with the stand-in: what people type in an incident, and more."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from selftests.stripe_served import WRITES, Served, served
from selftests.voyage import HOUSE

PROGRAM = HOUSE / "clis" / "node_modules" / ".bin" / "stripe"
pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="Stripe's CLI is not installed here: `make clis`")


@pytest.fixture
def vendor() -> Iterator[Served]:
    with served() as running:
        yield running


class Typing:
    """Runs the CLI in a home of its own, so that it neither finds nor leaves anything."""

    def __init__(self, vendor: Served, home: Path) -> None:
        self._vendor = vendor
        self._environment = {
            "PATH": os.environ["PATH"], "HOME": str(home), "XDG_CONFIG_HOME": str(home), "STRIPE_API_KEY": WRITES,
            "STRIPE_CLI_TELEMETRY_OPTOUT": "1",
        }  # fmt: skip

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, *arguments, "--api-base", self._vendor.url], env=self._environment, capture_output=True,
            text=True, timeout=30, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def said(self, *arguments: str) -> Any:
        """Its JSON."""
        answer = self(*arguments)
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout[answer.stdout.index("{") :])


@pytest.fixture
def typed(vendor: Served, tmp_path: Path) -> Typing:
    return Typing(vendor, tmp_path)


def test_objects_are_read(typed: Typing) -> None:
    assert [item["id"] for item in typed.said("customers", "list", "--limit", "1")["data"]] == ["cus_seed_atoll"]
    assert typed.said("get", "/v1/prices/price_seed_coast")["unit_amount"] == 2900
    assert typed.said("subscriptions", "list", "--status", "past_due")["data"] == []
    assert typed.said("prices", "retrieve", "price_gone")["error"]["code"] == "resource_missing"


def test_a_subscription_goes_back_to_its_former_price(typed: Typing) -> None:
    former = ["-d", "items[0][id]=si_seed_atoll", "-d", "items[0][price]=price_seed_coast_2025"]
    [item] = typed.said("subscriptions", "update", "sub_seed_atoll", *former, "--proration-behavior=none")["items"][
        "data"
    ]

    assert (item["id"], item["price"]["unit_amount"]) == ("si_seed_atoll", 2500)


def test_without_the_item_s_id_a_second_item_is_added(typed: Typing) -> None:
    changed = typed.said("subscriptions", "update", "sub_seed_atoll", "-d", "items[0][price]=price_seed_coast_2025")

    assert len(changed["items"]["data"]) == 2


def test_customers_come_and_go(typed: Typing) -> None:
    made = typed.said("customers", "create", "--name", "Drill", "-d", "metadata[seatrial]=run")

    assert made["metadata"] == {"seatrial": "run"}
    assert typed.said("customers", "delete", made["id"], "--confirm")["deleted"]


def test_an_event_is_sent_again(typed: Typing, vendor: Served) -> None:
    typed.said("events", "resend", "evt_seed_berth_01", "--webhook-endpoint", "we_seed_ocean")

    assert vendor.delivered() == ["invoice.paid"]


@pytest.mark.parametrize(
    "kind",
    [
        "customer.subscription.created", "customer.subscription.updated", "customer.subscription.deleted",
        "invoice.paid", "invoice.payment_failed",
    ],
)  # fmt: skip
def test_every_event_that_the_handler_acts_on_is_triggered(kind: str, typed: Typing, vendor: Served) -> None:
    answer = typed("trigger", kind)

    assert "Trigger succeeded!" in answer.stdout, answer.stderr
    assert kind in vendor.delivered()
