"""The stand-in for Stripe on a port of its own, with what it delivered, and the clients that ask it."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import requests
import stripe

from sandbox.services.listening import Door, listening
from sandbox.services.stripe import Stripe
from sandbox.services.stripe import stripe as stand_in
from sandbox.services.stripe.access import Keys
from sandbox.services.stripe.account import Account
from sandbox.services.stripe.state import gone, state

READS = "rk_test_not_a_secret"
WRITES = "sk_test_not_a_secret"
SIGNING = ["whsec_current", "whsec_previous"]
GATEWAY = "http://localhost:1"
"""Where nobody listens: deliveries are not posted but kept."""
OPEN = {"requests_per_second": 10_000}
"""For tests of something else than limits."""


@dataclass
class Posted:
    """One delivery as it arrived."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    def event(self, secret: str = SIGNING[0]) -> stripe.Event:
        """Verified as a handler does. Raises stripe.SignatureVerificationError."""
        event: stripe.Event = stripe.Webhook.construct_event(self.body, self.headers["stripe-signature"], secret)
        return event


@dataclass
class Served:
    """One account at `url`. `status` gives what the webhook's handler answers to a delivery."""

    url: str
    stand_in: Stripe
    loop: asyncio.AbstractEventLoop
    posted: list[Posted]
    status: list[int] = field(default_factory=list)
    session: requests.Session = field(default_factory=requests.Session)
    bare: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False, timeout=10))

    def client(self, key: str = WRITES, **more: Any) -> stripe.StripeClient:
        """The real SDK."""
        asking = stripe.RequestsClient(session=self.session)
        return stripe.StripeClient(
            key, base_addresses={"api": self.url}, max_network_retries=0, http_client=asking, **more
        )

    def get(self, path: str, key: str = READS, **headers: str) -> httpx.Response:
        """A bare GET; names of headers with `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.bare.get(self.url + path, headers={"authorization": f"Bearer {key}", **named})

    def post(self, path: str, key: str = WRITES, idempotency_key: str | None = None, **form: str) -> httpx.Response:
        """A bare POST of a form."""
        headers = {"authorization": f"Bearer {key}"} | ({"idempotency-key": idempotency_key} if idempotency_key else {})
        return self.bare.post(self.url + path, headers=headers, data=form)

    def delivered(self) -> list[str]:
        """Types of the deliveries so far, once nothing is on its way."""
        asyncio.run_coroutine_threadsafe(self.stand_in.deliveries.idle(), self.loop).result(20)
        return [json.loads(posted.body)["type"] for posted in self.posted]


@contextmanager
def served(*patches: Mapping[str, Any]) -> Iterator[Served]:
    """A stand-in whose state these merge patches changed, until the block ends."""
    known = state([OPEN, *patches])
    account = Account(known, gone(patches), lambda _: GATEWAY)
    keys = Keys(READS, WRITES, known["account"]["id"], known["permissions"], known["permission_wording"])
    posted: list[Posted] = []
    answers: list[int] = []

    async def post(url: str, headers: Mapping[str, str], body: bytes, _: float) -> int:
        posted.append(Posted(url, headers, body))
        return answers.pop(0) if answers else 200

    made = stand_in(account, keys, SIGNING, post)
    with _running(made) as (url, loop):
        running = Served(url, made, loop, posted, answers)
        with running.session, running.bare:
            yield running


@contextmanager
def _running(made: Stripe) -> Iterator[tuple[str, asyncio.AbstractEventLoop]]:
    loop, stack = asyncio.new_event_loop(), AsyncExitStack()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        [url] = _waited(loop, lambda: stack.enter_async_context(listening([Door(made.application)])))
        yield url, loop
    finally:
        _waited(loop, stack.aclose)
        _waited(loop, _left)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _waited(loop: asyncio.AbstractEventLoop, work: Callable[[], Any]) -> Any:
    return asyncio.run_coroutine_threadsafe(work(), loop).result(10)


async def _left() -> None:
    """End the deliveries that are still to be repeated."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
