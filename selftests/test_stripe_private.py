"""What Stripe says of people and their cards stays at Stripe: nothing of it is in what a run leaves."""

import json
import time
from pathlib import Path

from sandbox.services.stripe.seeded import seeded
from selftests.voyage import sail

PERSONAL = ("ada@atoll.example", "Ada", '"last4"', '"4242"', '"fingerprint"', '"billing_details"', "exp_year")


def test_no_personal_data_is_left_of_a_run(tmp_path: Path) -> None:
    handed_out = json.dumps(seeded(time.time(), livemode=False))
    assert [word for word in PERSONAL if word in handed_out], "the stand-in hands out nothing personal"

    voyage = sail(tmp_path, "checks/payments")

    left = {file: file.read_text("utf-8", "replace") for file in tmp_path.rglob("*") if file.is_file()}
    assert any("cus_seed_atoll" in text or "price_seed_coast" in text for text in left.values()), voyage.output
    assert not [(file.name, word) for file, text in left.items() for word in PERSONAL if word in text]
