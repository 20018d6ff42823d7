"""What Stripe says of people and their cards stays at Stripe: nothing of it is in what a run leaves."""

import json
import logging
import time
from pathlib import Path

import pytest
import respx

from sandbox.services.stripe.seeded import seeded
from selftests.stripe_asked import HOST, LOOKS, asked
from selftests.voyage import sail

PERSONAL = ("ada@atoll.example", "Ada", '"last4"', '"4242"', '"fingerprint"', '"billing_details"', "exp_year")


def test_no_personal_data_is_left_of_a_run(tmp_path: Path) -> None:
    handed_out = json.dumps(seeded(time.time(), livemode=False))
    assert [word for word in PERSONAL if word in handed_out], "the stand-in hands out nothing personal"

    voyage = sail(tmp_path, "checks/payments")

    left = {file: file.read_text("utf-8", "replace") for file in tmp_path.rglob("*") if file.is_file()}
    assert any("cus_seed_atoll" in text or "price_seed_coast" in text for text in left.values()), voyage.output
    assert not [(file.name, word) for file, text in left.items() for word in PERSONAL if word in text]


def test_the_sdk_logs_no_answer(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stripe._util.STRIPE_LOG", "debug")
    monkeypatch.setattr("stripe.log", "debug")
    caplog.set_level(logging.DEBUG)
    with respx.mock as stripe:
        stripe.get(host=HOST).respond(json={"object": "balance", "livemode": False, "email": "ada@atoll.example"})

        asked(LOOKS["balance"][1])

    assert "ada@" not in caplog.text + "".join(capfd.readouterr())
    assert "httpx" in caplog.text, "nothing was logged at all"
