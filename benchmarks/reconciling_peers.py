"""One walk through all subscriptions of an account, in a process of its own, so that its memory is its own.

`python -m benchmarks.reconciling_peers KIND URL CONNINFO PER_SECOND` says what it took, as one line of JSON.
"""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import psycopg

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
from fixtures.variables import Secret
from selftests.large_account import KEY

TABLES = ("public.subscriptions", "public.plans")
TICK = 0.02
"""Seconds between two looks at the memory."""


class Taken(msgspec.Struct, frozen=True):
    """What one walk took: seconds, seconds of CPU, and megabytes that the process grew by at the most."""

    seconds: float
    cpu: float
    megabytes: float
    subscriptions: int
    differing: int


def ours(url: str, conninfo: str, per_second: float) -> tuple[int, int]:
    """The sweep: (subscriptions, disagreements)."""

    async def rows() -> Rows:
        return Rows(Whole(Reading(conninfo, "the database"), TABLES), Table(), Plans())

    async def look() -> tuple[int, int]:
        http, pace = Http(), Pace(per_second)
        reader = StripeReader(make_sdk(http, url, KEY, writes=False), Secret("KEY", KEY), pace)
        swept = await Reconciliation(reader, pace, rows, Table(), {}, time.time()).look()
        await http.close()
        return swept.subscriptions, sum(tally.count for tally in swept.tallies.values())

    return asyncio.run(look())


def loop(url: str, conninfo: str, per_second: float) -> tuple[int, int]:
    """The plain way: the SDK's own paging, page after page, everything in lists, then compared. It needs no pace."""
    import stripe

    client = stripe.StripeClient(KEY, base_addresses={"api": url}, max_network_retries=2)
    asked = {"status": "all", "limit": 100, "expand": ["data.customer"]}
    listed = [*client.v1.subscriptions.list(asked).auto_paging_iter()]  # type: ignore[arg-type]  # as its documentation has it
    with psycopg.connect(conninfo) as connection:
        found = connection.execute(
            "select s.stripe_subscription_id, s.stripe_customer_id, s.status, p.stripe_price_id,"
            " extract(epoch from s.current_period_end)::bigint, s.cancel_at_period_end"
            " from public.subscriptions s left join public.plans p on p.id = s.plan_id"
        ).fetchall()
    rows = {row[0]: row[1:] for row in found}
    differing = 0
    for one in listed:
        item = one["items"]["data"][0]
        here = (one["customer"]["id"], one["status"], item["price"]["id"], item["current_period_end"])
        differing += rows.get(one["id"]) != (*here, one["cancel_at_period_end"])
    return len(listed), differing


KINDS: Mapping[str, Callable[[str, str, float], tuple[int, int]]] = {"ours": ours, "loop": loop}


def resident() -> float:
    """Megabytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6


def main(kind: str, url: str, conninfo: str, per_second: str) -> None:
    """Walk, and say what it took."""
    import stripe  # noqa: F401  # both need it: it is not what is measured

    before = most = resident()
    ended = threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(TICK):
            most = max(most, resident())

    threading.Thread(target=watch, daemon=True).start()
    began, cpu = time.monotonic(), time.process_time()
    count, differing = KINDS[kind](url, conninfo, float(per_second))
    taken = Taken(time.monotonic() - began, time.process_time() - cpu, most - before, count, differing)
    ended.set()
    print(json.dumps(msgspec.to_builtins(taken)))


if __name__ == "__main__":
    main(*sys.argv[1:])
