"""Drills with the payment webhook take away what they made, in the database and at Stripe, however they end."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from fixtures.webhook.at_stripe import EMAIL
from selftests.running_sandbox import Sandbox, sandbox
from selftests.voyage import HOUSE, Voyage, run, variables

ROUND_TRIP = "checks/payments/subscribing_works.py"
DRILLS = (
    ROUND_TRIP, "checks/payments/webhook_idempotent.py", "checks/payments/webhook_order_safe.py",
    "checks/payments/webhook_ignores_unknown.py", "checks/payments/webhook_verifies_first.py",
)  # fmt: skip
ROWS = """
select json_build_object('users', (select count(*) from auth.users),
  'organizations', (select count(*) from public.organizations),
  'subscriptions', (select json_agg(stripe_subscription_id) from public.subscriptions),
  'invoices', (select json_agg(stripe_invoice_id) from public.invoices),
  'events', (select json_agg(id) from public.webhook_events),
  'orders', (select count(*) from public.provisioning_events))
"""
ENDINGS = {"ctrl-c": signal.SIGINT, "terminated": signal.SIGTERM}


@pytest.fixture
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


@pytest.fixture
def deaf() -> Iterator[Sandbox]:
    """One in which nothing of what happens at Stripe reaches the webhook, so that the round trip waits."""
    with sandbox("--fault", "round-trip-webhook-lost") as started:
        yield started


def test_a_whole_run_leaves_nothing(ocean: Sandbox, tmp_path: Path) -> None:
    before = left(ocean)
    voyage = drilled(ocean, tmp_path, *DRILLS)

    assert voyage.exit == 0, voyage.output
    assert len(voyage.ids("verified")) == 22
    assert left(ocean) == before


def test_a_run_whose_webhook_is_deaf_leaves_nothing(deaf: Sandbox, tmp_path: Path) -> None:
    before = left(deaf)
    voyage = drilled(deaf, tmp_path, ROUND_TRIP, "--env-file", str(declared(tmp_path, arrives_within=1.0)))

    assert voyage.ids("violated") == {"subscribing_works[row]", "subscribing_works[invoice]"}, voyage.output
    assert left(deaf) == before


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_run_that_is_interrupted_leaves_nothing(ending: str, deaf: Sandbox, tmp_path: Path) -> None:
    before, patient = left(deaf), declared(tmp_path, arrives_within=60.0)
    command = [sys.executable, "-m", "pytest", ROUND_TRIP, "--env-file", str(patient), "--report", str(tmp_path)]

    environment = {**variables(), **deaf.variables}
    with subprocess.Popen(command, cwd=HOUSE, env=environment, stdout=subprocess.DEVNULL) as run:
        while not live(deaf) - set(before["subscribed"]) and run.poll() is None:
            time.sleep(0.1)
        run.send_signal(ENDINGS[ending])
        assert run.wait(30) == 2

    assert left(deaf) == before


def test_a_run_whose_time_is_up_leaves_nothing(deaf: Sandbox, tmp_path: Path) -> None:
    before = left(deaf)
    file = declared(tmp_path, arrives_within=60.0, of_the_run=6)
    voyage = drilled(deaf, tmp_path, ROUND_TRIP, "--env-file", str(file))

    assert voyage.exit == 10, voyage.output
    assert len(voyage.ids("blind")) == 7, voyage.output
    assert left(deaf) == before


def test_what_a_killed_run_left_is_found_by_the_next_one_and_what_another_makes_is_not(tmp_path: Path) -> None:
    with sandbox("--fault", "quiet-round-trip-abandoned") as ocean:
        young = stripe(ocean, "/v1/customers", {"email": EMAIL, "metadata[seatrial]": "another"})["id"]
        somebody = stripe(ocean, "/v1/customers", {"email": EMAIL})["id"]
        voyage = drilled(ocean, tmp_path, ROUND_TRIP)
        there = {one["id"] for one in stripe(ocean, "/v1/customers")["data"]}

    assert voyage.exit == 0, voyage.output
    assert "1 customers were left at Stripe by earlier drills" in json.dumps(voyage.report)
    assert {young, somebody} <= there
    assert "cus_abandoned" not in there


def test_stored_events_of_ours_are_removed_and_nobody_else_s(ocean: Sandbox, tmp_path: Path) -> None:
    for name, age in (("killed", 3600), ("young", 60)):
        ocean.rows(
            "insert into public.webhook_events (id, type, payload, received_at) values"
            f" ('evt_seatrial_{name}', 'x', '{{}}', now() - interval '{age} s'), ('evt_{name}', 'x', '{{}}', now() -"
            f" interval '{age} s') returning 1"
        )
    voyage = drilled(ocean, tmp_path, DRILLS[4], "checks/payments/webhook_accepts_signed.py")
    stored = {name for (name,) in ocean.rows("select id from public.webhook_events")}

    assert voyage.exit == 0, voyage.output
    assert stored == {"evt_seed_subscription", "evt_seed_invoice", "evt_killed", "evt_young", "evt_seatrial_young"}


@pytest.mark.parametrize("key", ["sk_live_0123456789abcdef", "rk_live_0123456789abcdef"])
def test_it_does_not_start_with_a_key_that_is_not_of_test_mode(key: str, ocean: Sandbox, tmp_path: Path) -> None:
    asked = httpx.get(ocean.variables["STRIPE_API_URL"] + "/_counted").json()["requests"]
    voyage = drilled(ocean, tmp_path, ROUND_TRIP, STRIPE_TEST_KEY=key)

    assert len(voyage.ids("blind")) == 7, voyage.output
    assert "STRIPE_TEST_KEY holds no key of test mode" in voyage.output
    assert httpx.get(ocean.variables["STRIPE_API_URL"] + "/_counted").json()["requests"] == asked


def test_it_makes_nothing_when_stripe_says_that_the_key_is_one_of_live_mode(tmp_path: Path) -> None:
    with sandbox("--fault", "round-trip-balance-live") as ocean:
        before = left(ocean)
        voyage = drilled(ocean, tmp_path, ROUND_TRIP)

        assert len(voyage.ids("blind")) == 7, voyage.output
        assert "belongs to live mode: nothing is made there" in voyage.output
        assert left(ocean) == before


def left(ocean: Sandbox) -> dict[str, Any]:
    """What there is in the database, and at Stripe: customers, what is subscribed, cards."""
    ((rows,),) = ocean.rows(ROWS)
    customers = {one["id"] for one in stripe(ocean, "/v1/customers?limit=100")["data"]}
    cards = {one["id"] for name in customers for one in stripe(ocean, f"/v1/customers/{name}/payment_methods")["data"]}
    return {**rows, "customers": customers, "subscribed": live(ocean), "cards": cards}


def live(ocean: Sandbox) -> set[str]:
    """Subscriptions that have not ended."""
    return {one["id"] for one in stripe(ocean, "/v1/subscriptions?limit=100")["data"]}


def stripe(ocean: Sandbox, path: str, given: dict[str, str] | None = None) -> Any:
    """What Stripe answers; with `given`, to a POST."""
    url, key = ocean.variables["STRIPE_API_URL"] + path, ocean.variables["STRIPE_TEST_KEY"]
    answered = httpx.request("POST" if given else "GET", url, data=given, headers={"authorization": f"Bearer {key}"})
    assert answered.status_code == 200, answered.text
    return answered.json()


def drilled(ocean: Sandbox, folder: Path, *arguments: str, **more: str) -> Voyage:
    """A run against this sandbox."""
    command = [sys.executable, "-m", "pytest", *arguments, "--report", str(folder / "report")]
    command += ["-o", f"cache_dir={folder / 'cache'}"]
    (folder / "report").mkdir(exist_ok=True)
    return run(command, folder / "report", 120, {**ocean.variables, **more})


def declared(folder: Path, arrives_within: float, of_the_run: int = 120) -> Path:
    """The local environment with other limits, in seconds."""
    text = (HOUSE / "fixtures" / "environments" / "local.toml").read_text(encoding="utf-8")
    assert text.count("arrives_within = 12.0") == text.count("within = 120\n") == 1
    text = text.replace("arrives_within = 12.0", f"arrives_within = {arrives_within}")
    file = folder / "patient.toml"
    file.write_text(text.replace("within = 120\n", f"within = {of_the_run}\n"), encoding="utf-8")
    return file
