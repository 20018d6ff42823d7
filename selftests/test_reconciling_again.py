"""What differs is looked at again before it is called a disagreement, and what cannot be decided is said to be so."""

import json
import time
from typing import Any

import msgspec
import pytest

from fixtures.facts import Unobservable
from fixtures.subscriptions.again import MOST
from fixtures.subscriptions.rows import Kept, Rows
from selftests.small_account import KEY, Kepts, atoll, looked

SETTLED = time.time() - 3600


def event(created: float) -> dict[str, Any]:
    """An event about the seed's subscription."""
    about = {"type": "customer.subscription.updated", "created": int(created)}
    return {"events": {"evt_now": {**about, "data": {"object": {"id": "sub_seed_atoll", "object": "subscription"}}}}}


def test_what_agreed_at_the_second_look_is_no_disagreement() -> None:
    rows = Kepts([atoll({}, status="past_due")], [atoll({})])

    swept = looked({}, rows)

    assert [(tally.count, tally.shown, tally.total) for tally in swept.tallies.values()] == [(1, (), 0)]
    assert rows.looked == 2


def test_what_stays_is_one() -> None:
    swept = looked({}, Kepts([atoll({}, status="past_due")]))

    ((kind, tally),) = swept.tallies.items()
    assert (kind, tally.total, tally.again) == ("status", 1, 1)
    assert [(one.subject, one.stripe, one.database) for one in tally.shown] == [
        ("sub_seed_atoll", "active", "past_due")
    ]


@pytest.mark.parametrize(("third", "total"), [("active", 0), ("past_due", 1)])
def test_what_changed_a_moment_ago_is_looked_at_a_third_time(third: str, total: int) -> None:
    rows = Kepts(*([atoll({}, status=status)] for status in ("past_due", "past_due", third)))

    swept = looked(event(time.time() + 5), rows)

    assert swept.tallies["status"].total == total
    assert rows.looked == 3


def test_what_disagrees_in_another_way_by_then_still_does() -> None:
    rows = Kepts([atoll({}, status="past_due")], [atoll({}, status="canceled")])

    found = {kind: tally.total for kind, tally in looked({}, rows).tallies.items()}

    assert found == {"status": 0, "paid-unserved": 1}


@pytest.mark.parametrize("gone", ["null", "not-found"])
def test_what_stripe_listed_and_does_not_know_by_then_is_no_agreement(gone: str) -> None:
    missing = {
        "error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such subscription"}
    }
    body = json.dumps(missing) if gone == "null" else "<html>404</html>"

    with pytest.raises(Unobservable, match=r"Stripe .*sub_seed_atoll"):
        looked({}, Kepts([atoll({}, status="past_due")]), instead={"/v1/subscriptions/sub_seed_atoll": (404, body)})


def test_an_old_event_does_not_put_off_the_verdict() -> None:
    rows = Kepts([atoll({}, status="past_due")])

    assert looked(event(SETTLED), rows).tallies["status"].total == 1
    assert rows.looked == 2


def test_without_events_the_second_look_decides() -> None:
    patch = {"permissions": {"event_read": False}}

    assert looked(patch, Kepts([atoll(patch, status="past_due")])).tallies["status"].total == 1


def test_a_row_that_comes_between_is_met_at_the_second_look() -> None:
    assert looked({}, Kepts([], [atoll({})])).tallies["no-row"].total == 0
    assert looked({}, Kepts([])).tallies["no-row"].total == 1


def test_a_subscription_that_the_list_leaves_out_is_met_at_the_second_look() -> None:
    clock = {
        "subscriptions": {"sub_clock": {"customer": "cus_clock", "test_clock": "clock_1"}},
        "customers": {"cus_clock": {}},
    }
    row = atoll({}, key="row-2", organization="org-2", subscription="sub_clock", customer="cus_clock")

    swept = looked(clock, Kepts([atoll({}), row]))

    assert swept.tallies["no-subscription"].total == 0
    assert not any(tally.shown for tally in swept.tallies.values())


def many(count: int, **changed: object) -> list[Kept]:
    """Rows of a large account, all changed."""
    return [
        Kept(
            f"row-{n}", None, f"sub_synthetic_{n:06d}", f"cus_synthetic_{n:06d}", "active",
            "price_seed_coast" if n % 2 else "price_seed_ocean", float(1893456000 + n), n % 30 == 3, None,
        )._replace(**changed)  # type: ignore[arg-type]  # fields by name
        for n in range(1, count + 1) if n % 20 > 2
    ]  # fmt: skip


def test_of_many_the_first_are_looked_at_again_and_all_are_counted() -> None:
    patch = {"synthetic_subscriptions": 100, "requests_per_second": 1000}

    swept = looked(patch, Kepts([atoll(patch), *many(100, status="unpaid")]))

    tally = swept.tallies["paid-unserved"]
    assert (tally.count, tally.again, len(tally.shown), tally.total, tally.undecided) == (85, MOST, MOST, 85, 0)


def test_when_the_first_of_many_agree_by_then_nothing_is_said_of_the_others() -> None:
    patch = {"synthetic_subscriptions": 100, "requests_per_second": 1000}

    swept = looked(patch, Kepts([atoll(patch), *many(100, status="unpaid")], [atoll(patch), *many(100)]))

    tally = swept.tallies["paid-unserved"]
    assert (tally.total, tally.undecided) == (0, 85 - MOST)


@pytest.mark.parametrize("rows", [Unobservable("no table"), Kepts(Unobservable("no table"))])
def test_without_the_table_the_prices_that_can_go_back_are_known_all_the_same(rows: Rows | Unobservable) -> None:
    swept = looked({}, rows)

    assert (swept.problem, swept.tallies) == ("no table", {})
    assert swept.revertible.count == 1
    assert [file.file for file in swept.enclosures] == ["subscriptions-to-revert.csv"]
    assert swept.enclosures[0].content == (
        "subscription,item,price,previous_price,quantity\n"
        "sub_seed_atoll,si_seed_atoll,price_seed_coast,price_seed_coast_2025,1\n"
    )


def test_nothing_on_either_side_is_not_agreement() -> None:
    with pytest.raises(Unobservable, match="no subscription, neither at Stripe nor in the table: is the key one of"):
        looked({"subscriptions": {"sub_seed_atoll": None}}, Kepts([]))


def test_rows_that_stripe_does_not_know_hint_at_another_account() -> None:
    swept = looked({}, Kepts([atoll({}, subscription="sub_of_another_account")]))

    assert {kind for kind, tally in swept.tallies.items() if tally.shown} == {"no-subscription", "no-row"}
    assert "is the key one of this environment's account and mode?" in swept.tallies["no-subscription"].remark


def test_more_items_than_stripe_embeds_are_read() -> None:
    prices = {f"price_{n}": {"product": "prod_seed_coast"} for n in range(14)}
    items = [{"id": f"si_{n}", "price": f"price_{n}", "current_period_end": 5} for n in range(14)]
    plan = {"id": "si_plan", "price": "price_seed_coast", "current_period_end": 5}
    patch = {"prices": prices, "subscriptions": {"sub_seed_atoll": {"items": {"data": [*items, plan]}}}}

    swept = looked(patch, Kepts([atoll({}, period=5.0)]))

    assert not swept.tallies
    assert swept.revertible.count == 1


def test_nothing_personal_is_kept() -> None:
    swept = msgspec.json.encode(looked({}, Kepts([atoll({}, status="past_due", customer="cus_2")]))).decode()

    assert "cus_seed_atoll" in swept
    for personal in ("ada@atoll.example", "Ada", "email", KEY):
        assert personal not in swept
