"""One account of Stripe's while the sandbox runs: what it knows, and what belongs to every answer."""

import copy
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.services.state import State
from sandbox.services.stripe.books import Books, Item
from sandbox.services.stripe.catalogue import bare, plan
from sandbox.services.stripe.completing import complete
from sandbox.services.stripe.errors import missing
from sandbox.services.stripe.limits import ENDPOINT, LIVE, TEST, Limits
from sandbox.services.stripe.seeded import DAY, prices
from sandbox.services.stripe.synthetic import computed

EMBEDDED: Final = 10
"""So many items a subscription shows; the others are read with GET /v1/subscription_items."""
KEPT_DAYS: Final = 30
"""So long events can be read."""
KINDS: Final = (
    "products", "prices", "customers", "payment_methods", "subscriptions", "invoices", "events", "webhook_endpoints",
)  # fmt: skip


class Account:
    """Its state, its objects and its limits. `origin` gives the address of another service of the sandbox's."""

    def __init__(self, state: State, gone: set[str], origin: Callable[[str], str]) -> None:
        self.state = complete(copy.deepcopy(state), time.time())
        self.livemode = bool(state["livemode"])
        self.origin = origin
        sold: Mapping[str, Item] = {**prices(self.now(), self.livemode), **self.state["prices"]}
        many = computed(int(state["synthetic_subscriptions"]), sold, livemode=self.livemode)
        self.books = Books({kind: self.state[kind] for kind in KINDS}, many)
        for name in gone:
            self._take_away(name)
        usual = LIVE if self.livemode else TEST
        chosen = int(state["requests_per_second"])
        self.limits = Limits(chosen or usual, int(state["requests_per_endpoint"]) or chosen or ENDPOINT)
        self.declining: set[str] = set(state["declining"])
        self.refused_at_once: set[str] = set()
        self.detached: set[str] = set()

    def _take_away(self, name: str) -> None:
        """A customer that was deleted is still known as such; a subscription is never deleted: then it never was."""
        if name.startswith("cus_"):
            self.books["customers"].removed[name] = {"id": name, "object": "customer", "deleted": True}
        else:
            self.books["subscriptions"].removed[name] = {}

    def now(self) -> int:
        """Seconds since 1970."""
        return int(time.time())

    def oldest_event(self) -> int:
        """`created` of the oldest event that can be read."""
        return self.now() - KEPT_DAYS * DAY

    def item(self, name: str) -> Item:
        """A subscription's item by its id. Raises Refusal."""
        shelf = self.books["subscriptions"]
        many = shelf.find(name.replace("si_synthetic_", "sub_synthetic_", 1))
        for of in [*shelf.stored.values(), *([many] if many is not None else [])]:
            for item in of["items"]["data"]:
                if item["id"] == name:
                    return dict(item)
        raise missing("subscription_item", name)

    def embed(self, price: Item) -> None:
        """Subscriptions show a price as it is now."""
        for of in list(self.books["subscriptions"].stored.values()):
            items = [_priced(item, price) for item in of["items"]["data"]]
            self.books["subscriptions"].put({**of, "items": {**of["items"], "data": items}})

    def shown(self, value: Any) -> Any:
        """An answer with the addresses that only a running sandbox has, and the first items of a subscription."""
        match value.get("object"):
            case "list":
                return {**value, "data": [self.shown(item) for item in value["data"]]}
            case "webhook_endpoint" if "url" in value:
                return {**value, "url": value["url"].replace("{supabase}", self.origin("supabase"))}
            case "subscription" if len(value["items"]["data"]) > EMBEDDED:
                cut = {**value["items"], "data": value["items"]["data"][:EMBEDDED], "has_more": True}
                return {**value, "items": cut}
            case _:
                return value


def _priced(item: Item, price: Item) -> Item:
    if item["price"]["id"] != price["id"]:
        return item
    return {**item, "price": bare(price), "plan": plan(price)}
