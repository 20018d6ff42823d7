"""Twenty thousand subscriptions and a real table: a handful that disagree are found, in little memory."""

import asyncio
import dataclasses
import re
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures.engine import progress
from fixtures.engine.http import Http
from fixtures.postgres.reading import Reading
from fixtures.postgres.whole import Whole
from fixtures.stripe.client import StripeReader
from fixtures.stripe.limits import Plans
from fixtures.stripe.pacing import Pace
from fixtures.stripe.transport import make_sdk
from fixtures.subscriptions.reconciling import Reconciliation
from fixtures.subscriptions.rows import Rows
from fixtures.subscriptions.settings import Table
from fixtures.subscriptions.swept import Swept
from fixtures.variables import Secret
from selftests.large_account import KEY, LargeAccount, large_account, load
from selftests.throwaway import running

COUNT = 20_000
UNLIMITED = 100_000
MEGABYTES = 60.0
"""More than the sweep may add to a process that has looked before; about 20 are usual, and lists of the SDK's objects
take some 350."""
PLANTED = {
    "served-unpaid": ["sub_synthetic_000103"], "paid-unserved": ["sub_synthetic_000104"],
    "status": ["sub_synthetic_000105"], "customer": ["sub_synthetic_000106"], "price": ["sub_synthetic_000107"],
    "period": ["sub_synthetic_000108"], "cancellation": ["sub_synthetic_000109"], "no-row": ["sub_synthetic_000110"],
    "no-subscription": ["sub_synthetic_000111"],
}  # fmt: skip
AT_STRIPE = {
    "sub_synthetic_000103": {"status": "canceled"}, "sub_synthetic_000105": {"status": "past_due"},
    "sub_synthetic_000107": {"item": {"price": "price_seed_ocean"}}, "sub_synthetic_000111": None,
}  # fmt: skip
IN_THE_TABLE = """
update public.subscriptions set status = 'unpaid' where stripe_subscription_id = 'sub_synthetic_000104';
update public.subscriptions set stripe_customer_id = 'cus_synthetic_000001'
 where stripe_subscription_id = 'sub_synthetic_000106';
update public.subscriptions set current_period_end = null where stripe_subscription_id = 'sub_synthetic_000108';
update public.subscriptions set cancel_at_period_end = true where stripe_subscription_id = 'sub_synthetic_000109';
delete from public.subscriptions where stripe_subscription_id = 'sub_synthetic_000110';
"""


@dataclasses.dataclass(frozen=True)
class Looked:
    """A look, what it said of itself on the way, and by how many megabytes the process grew."""

    swept: Swept
    said: str
    grown: float


@pytest.fixture(scope="module")
def conninfo() -> Iterator[str]:
    """A database whose table agrees with the large account."""
    with running() as server:
        said = make_conninfo(**server.conninfo("postgres", "postgres"))
        load(said, COUNT)
        yield said


def resident() -> float:
    """Megabytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def looked(account: LargeAccount, conninfo: str, per_second: float = UNLIMITED) -> Looked:
    """One look through the account and the table."""

    async def rows() -> Rows:
        reading = Reading(conninfo, "the database")
        return Rows(Whole(reading, ("public.subscriptions", "public.plans")), Table(), Plans())

    async def look() -> Looked:
        http, pace, said = Http(), Pace(per_second), progress.Progress()
        progress.CURRENT.set(said)
        reader = StripeReader(make_sdk(http, account.url, KEY, writes=False), Secret("KEY", KEY), pace)
        table = Table(pause=0.05, settling=1.0)
        one = Reconciliation(reader, pace, rows, table, {"price_seed_coast": "price_seed_coast_2025"}, time.time())
        before = most = resident()
        looking = asyncio.ensure_future(one.look())
        while not looking.done():
            await asyncio.wait({looking}, timeout=0.1)
            most = max(most, resident())
        await http.close()
        return Looked(looking.result(), said.text, most - before)

    return asyncio.run(look())


@pytest.fixture(scope="module")
def agreeing(conninfo: str) -> Looked:
    with large_account(300, requests_per_second=UNLIMITED) as small:
        looked(small, conninfo)  # what is imported and kept for good is no growth
    with large_account(COUNT, requests_per_second=UNLIMITED) as account:
        return looked(account, conninfo)


def test_all_agree(agreeing: Looked) -> None:
    swept = agreeing.swept

    assert (swept.subscriptions, swept.rows, swept.tallies, swept.problem) == (COUNT, COUNT, {}, "")
    assert swept.by_status == {"active": 17_000, "canceled": 1_000, "past_due": 1_000, "trialing": 1_000}
    assert (swept.revertible.count, swept.revertible.by_price) == (10_000, {"price_seed_coast": 10_000})


def test_memory_is_bounded(agreeing: Looked) -> None:
    assert agreeing.grown < MEGABYTES


def test_it_says_how_far_it_is(agreeing: Looked) -> None:
    assert re.fullmatch(r"20,000 subscriptions, at \d+ requests a second", agreeing.said)


def test_the_list_to_go_back_by_is_whole(agreeing: Looked) -> None:
    (file,) = agreeing.swept.enclosures
    assert isinstance(file.content, str)
    lines = file.content.splitlines()[1:]

    assert len(lines) == len(set(lines)) == agreeing.swept.revertible.listed == 10_000
    assert lines[0] == "sub_synthetic_000001,si_synthetic_000001,price_seed_coast,price_seed_coast_2025,1"


def test_a_handful_that_disagrees_is_found(conninfo: str) -> None:
    with (
        psycopg.connect(conninfo) as changed,
        large_account(COUNT, requests_per_second=UNLIMITED, subscriptions=AT_STRIPE) as account,
    ):
        changed.execute(IN_THE_TABLE.encode())
        changed.commit()
        try:
            swept = looked(account, conninfo).swept
        finally:
            load(conninfo, COUNT)

    found = {kind: [one.subscription for one in tally.shown] for kind, tally in swept.tallies.items() if tally.shown}
    assert found == PLANTED
