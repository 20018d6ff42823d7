"""A large account at Stripe and the table that goes with it: a stand-in in a process of its own, and rows made by SQL.

Both follow from numbers, so that a hundred thousand subscriptions agree without being written down anywhere.
`python -m selftests.large_account PORT PATCH LATE` serves an account whose state is patched with the JSON object PATCH,
each answer LATE seconds late.
"""

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg

from selftests.voyage import HOUSE, variables

KEY = "rk_test_of_a_large_account"
SECONDS = 30.0
TABLES = """
drop table if exists public.subscriptions, public.plans;
create table public.plans (id text primary key, stripe_price_id text);
create table public.subscriptions (
  id uuid primary key default gen_random_uuid(), organization_id uuid not null, plan_id text not null,
  status text not null, stripe_customer_id text, stripe_subscription_id text unique, current_period_end timestamptz,
  cancel_at_period_end boolean not null default false
);
insert into public.plans values ('harbour', null), ('coast', 'price_seed_coast'), ('ocean', 'price_seed_ocean');
insert into public.subscriptions (organization_id, plan_id, status, stripe_customer_id, stripe_subscription_id,
                                  current_period_end, cancel_at_period_end)
select md5('sub_synthetic_' || n)::uuid, case when i % 2 = 1 then 'coast' else 'ocean' end,
       case i % 20 when 0 then 'canceled' when 1 then 'past_due' when 2 then 'trialing' else 'active' end,
       'cus_synthetic_' || n, 'sub_synthetic_' || n, to_timestamp(1893456000 + i), i % 30 = 3
  from (select i, lpad(i::text, 6, '0') as n from generate_series(1, {count}) as i) as numbered
"""
"""What SQL says of the same subscriptions (see sandbox/services/stripe/synthetic.py)."""


def load(conninfo: str, count: int) -> None:
    """Make the tables anew. Raises psycopg.Error."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(TABLES.replace("{count}", str(count)).encode())


@dataclass(frozen=True)
class LargeAccount:
    """A running stand-in."""

    url: str

    def counted(self) -> dict[str, Any]:
        """What it was asked: requests, refused, most_in_a_second, per_second."""
        counted: dict[str, Any] = httpx.get(f"{self.url}/_counted", trust_env=False).json()
        return counted


@contextlib.contextmanager
def large_account(count: int, *, late: float = 0.0, **patch: Any) -> Iterator[LargeAccount]:
    """An account with so many subscriptions, which are not the seed's, each answer `late` seconds late."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    state = {"synthetic_subscriptions": count, **patch}
    state["subscriptions"] = {"sub_seed_atoll": None, **patch.get("subscriptions", {})}
    command = [sys.executable, "-m", "selftests.large_account", str(port), json.dumps(state), str(late)]
    with subprocess.Popen(command, cwd=HOUSE, env=variables(), stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            assert process.stdout.readline(), "the stand-in did not start"
            yield LargeAccount(f"http://127.0.0.1:{port}")
        finally:
            process.kill()


def serve(port: int, patch: Mapping[str, Any], late: float) -> None:
    """The stand-in, until it is killed."""
    import uvicorn

    from sandbox.services.stripe import application
    from sandbox.services.stripe.access import Keys
    from sandbox.services.stripe.account import Account
    from sandbox.services.stripe.state import gone, state

    known = state([patch])
    account = Account(known, gone([patch]), lambda name: "http://127.0.0.1:9")
    keys = Keys(KEY, "sk_test_none", known["account"]["id"], known["permissions"])
    made = application(account, keys)

    async def far_away(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(late if scope["type"] == "http" else 0.0)
        await made(scope, receive, send)

    server = uvicorn.Server(uvicorn.Config(far_away, port=port, log_level="error", access_log=False))

    async def run() -> None:
        serving = asyncio.ensure_future(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        print("ready", flush=True)
        await serving

    asyncio.run(run())


if __name__ == "__main__":
    serve(int(sys.argv[1]), json.loads(sys.argv[2]), float(sys.argv[3]))
