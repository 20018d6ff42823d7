"""Webhooks: events are signed, posted to every endpoint that wants them, and posted again until one answers 2xx.

State `deliveries`: `retry_after` (seconds before each further attempt; Stripe's are hours), `timeout` (seconds),
`lost` (types that never arrive, "*" for all), `delayed` (type -> seconds), `duplicated` (types that arrive twice),
`order` of the events of one request: "made", "reversed", or "together".
"""

import asyncio
import hashlib
import hmac
import json
import secrets
import ssl
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request

from sandbox.services.stripe.account import Account
from sandbox.services.stripe.books import Item
from sandbox.services.stripe.versions import as_of

Post = Callable[[str, Mapping[str, str], bytes, float], Awaitable[int]]
"""Url, headers, body, seconds: the status that was answered. Raises OSError."""
OURS: Final = ("127.0.0.1", "localhost")
"""The sandbox sends nothing anywhere else."""
AGENT: Final = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"
Signed = list[str]


class Deliveries:
    """`secrets` has the signing secrets of each endpoint (two while a rolled one is still valid)."""

    def __init__(self, account: Account, signing: dict[str, Signed], post: Post) -> None:
        self.signing = signing
        self.counted: Counter[str] = Counter()
        self._account, self._post = account, post
        self._rules: Mapping[str, Any] = account.state["deliveries"]
        self._running: set[asyncio.Task[None]] = set()
        self._answered: set[tuple[str, str]] = set()

    def announce(self, request: Request, event: Item) -> None:
        """Remember who wants this event; it is sent by `send`."""
        wanting = [each["id"] for each in self._account.books["webhook_endpoints"].newest() if _wants(each, event)]
        event["pending_webhooks"] = len(wanting)
        request.state.due = [*getattr(request.state, "due", []), *((event["id"], name) for name in wanting)]

    def send(self, request: Request) -> None:
        """Begin to deliver what a request made happen."""
        due = getattr(request.state, "due", [])
        if not due:
            return
        if self._rules["order"] == "together":
            for pair in due:
                self._begin(self._first([pair]))
        else:
            self._begin(self._first(due[::-1] if self._rules["order"] == "reversed" else due))

    def resend(self, event: Item, endpoint: Item) -> None:
        """Deliver an event again, as `stripe events resend` asks."""
        self._begin(self._tried(event["id"], endpoint["id"], [0, *self._rules["retry_after"]]))

    async def idle(self) -> None:
        """Wait until nothing is on its way, retries included."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _first(self, due: list[tuple[str, str]]) -> None:
        """The first attempts, one after the other; what fails or is delayed is tried on beside the others."""
        for event, endpoint in due:
            kind = self._account.books["events"].get(event)["type"]
            if _named(kind, self._rules["lost"]):
                continue
            wait = float(self._rules["delayed"].get(kind, self._rules["delayed"].get("*", 0)))
            if wait > 0:
                self._begin(self._tried(event, endpoint, [wait, *self._rules["retry_after"]]))
            elif not await self._delivered(event, endpoint):
                self._begin(self._tried(event, endpoint, self._rules["retry_after"]))
            elif _named(kind, self._rules["duplicated"]):
                await self._posted(event, endpoint)

    async def _tried(self, event: str, endpoint: str, pauses: Sequence[float]) -> None:
        """One attempt after each pause (seconds), until one succeeds."""
        for seconds in pauses:
            await asyncio.sleep(float(seconds))
            if await self._delivered(event, endpoint):
                return

    async def _delivered(self, event: str, endpoint: str) -> bool:
        if not await self._posted(event, endpoint):
            return False
        if (event, endpoint) not in self._answered:
            self._answered.add((event, endpoint))
            known = self._account.books["events"].get(event)
            self._account.books["events"].put({**known, "pending_webhooks": max(0, known["pending_webhooks"] - 1)})
        return True

    async def _posted(self, event: str, endpoint: str) -> bool:
        """Whether one attempt was answered 2xx."""
        known = self._account.books["webhook_endpoints"].find(endpoint)
        if known is None or known["status"] != "enabled":
            return False
        url = self._account.shown(known)["url"]
        if urlsplit(url).hostname not in OURS:
            return False
        body = self._body(event, known)
        self.counted["attempts"] += 1
        try:
            status = await self._post(url, self._headers(endpoint, body), body, float(self._rules["timeout"]))
        except OSError:
            return False
        self.counted["delivered" if 200 <= status < 300 else "refused"] += 1
        return 200 <= status < 300

    def _body(self, event: str, endpoint: Item) -> bytes:
        version = endpoint["api_version"] or self._account.state["default_api_version"]
        said = {**as_of(version, self._account.books["events"].get(event)), "api_version": version}
        return json.dumps(said, indent=2, ensure_ascii=False).encode()

    def _headers(self, endpoint: str, body: bytes) -> dict[str, str]:
        moment = int(time.time())
        signed = [("v1", secret) for secret in self.signing.get(endpoint, [])]
        if not self._account.livemode:
            signed.append(("v0", secrets.token_hex(16)))  # of no secret that anybody knows: v0 proves nothing
        sign = partial(_signature, moment, body)
        values = [f"t={moment}", *(f"{scheme}={sign(secret)}" for scheme, secret in signed)]
        return {
            "accept": "*/*; q=0.5, application/xml", "cache-control": "no-cache",
            "content-type": "application/json; charset=utf-8", "stripe-signature": ",".join(values),
            "user-agent": AGENT,
        }  # fmt: skip


def _signature(moment: int, body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), b"%d.%b" % (moment, body), hashlib.sha256).hexdigest()


def _wants(endpoint: Item, event: Item) -> bool:
    return endpoint["status"] == "enabled" and _named(event["type"], endpoint["enabled_events"])


def _named(kind: str, kinds: list[str]) -> bool:
    return "*" in kinds or kind in kinds


async def post(url: str, headers: Mapping[str, str], body: bytes, seconds: float) -> int:
    """Over HTTP, so that what is planted before the function applies."""
    httpx = await asyncio.to_thread(__import__, "httpx")  # not before the first delivery: it takes a while
    nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # services here speak plain HTTP: no authority needs to be read
    try:
        async with httpx.AsyncClient(timeout=seconds, trust_env=False, verify=nobody) as client:
            return int((await client.post(url, headers=dict(headers), content=body)).status_code)
    except httpx.HTTPError as error:
        raise OSError(str(error)) from error
