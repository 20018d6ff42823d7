"""An account of Stripe's in this process, and a table that may say something else at each look."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import httpx

from fixtures.engine.http import Http
from fixtures.facts import Unobservable
from fixtures.stripe.client import StripeReader
from fixtures.stripe.pacing import Pace
from fixtures.stripe.transport import make_sdk
from fixtures.subscriptions.reconciling import Reconciliation
from fixtures.subscriptions.rows import Kept, Rows
from fixtures.subscriptions.settings import Table
from fixtures.subscriptions.swept import Swept
from fixtures.variables import Secret
from sandbox.services.stripe import application
from sandbox.services.stripe.access import Keys
from sandbox.services.stripe.account import Account
from sandbox.services.stripe.state import gone, state

KEY = "rk_test_of_the_second_look"
TABLE = Table(pause=0.01, settling=0.3)
PREVIOUS = {"price_seed_coast": "price_seed_coast_2025"}


class Planted(httpx.ASGITransport):
    """An application of which some paths are answered otherwise."""

    def __init__(self, app: Any, instead: Mapping[str, tuple[int, str]]) -> None:
        super().__init__(app)
        self.instead = instead

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path in self.instead:
            status, body = self.instead[request.url.path]
            return httpx.Response(status, text=body, headers={"content-type": "application/json"})
        return await super().handle_async_request(request)


class Kepts(Rows):
    """A table whose rows are not the same at each look: the last of `looks` is that of all later ones."""

    def __init__(self, *looks: Sequence[Kept] | Unobservable) -> None:
        self.looks = [*looks]
        self.looked = 0

    async def prices(self) -> frozenset[str]:
        return frozenset({"price_seed_coast", "price_seed_ocean"})

    async def all(self) -> AsyncIterator[list[Kept]]:
        yield self._next()

    async def those(self, subscriptions: Sequence[str], keys: Sequence[str]) -> list[Kept]:
        return [row for row in self._next() if row.subscription in subscriptions or row.key in keys]

    def _next(self) -> list[Kept]:
        self.looked += 1
        found = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if isinstance(found, Unobservable):
            raise found
        return [*found]


def atoll(patch: Mapping[str, Any], **changed: object) -> Kept:
    """The row of the seed's subscription, as the stand-in has it."""
    item = state([patch])["subscriptions"]["sub_seed_atoll"]["items"]["data"][0]
    row = Kept("row-1", "org-1", "sub_seed_atoll", "cus_seed_atoll", "active", "price_seed_coast", 0.0, False, None)
    return row._replace(period=float(item["current_period_end"]))._replace(**changed)  # type: ignore[arg-type]  # fields by name


def looked(
    patch: Mapping[str, Any],
    rows: Rows | Unobservable,
    table: Table = TABLE,
    instead: Mapping[str, tuple[int, str]] | None = None,
) -> Swept:
    """One look at the account of that patch and these rows. `instead`: answers (status, body) to paths."""
    account = Account(state([patch]), gone([patch]), lambda name: "http://supabase.test")
    keys = Keys(KEY, "sk_test_none", "acct_1", account.state["permissions"])

    async def open_rows() -> Rows:
        if isinstance(rows, Unobservable):
            raise rows
        return rows

    async def look() -> Swept:
        http, pace = Http(), Pace(20.0)
        http._clients["http", None] = httpx.AsyncClient(transport=Planted(application(account, keys), instead or {}))
        reader = StripeReader(make_sdk(http, "http://stripe.test", KEY, writes=False), Secret("KEY", KEY), pace)
        swept = await Reconciliation(reader, pace, open_rows, table, PREVIOUS, time.time()).look()
        await http.close()
        return swept

    return asyncio.run(look())
