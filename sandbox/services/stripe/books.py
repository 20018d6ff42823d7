"""The account's objects: kinds -> id -> object as Stripe gives it, newest first."""

import copy
import heapq
import itertools
import secrets
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from sandbox.services.stripe.errors import missing

Item = dict[str, Any]
Rank = tuple[int, str]
"""Where an object stands in a list: `created` (seconds since 1970), then its id."""
LETTERS: Final = string.ascii_letters + string.digits
LAST: Final = (2**62, "")
KINDS: Final = {
    "products": "product", "prices": "price", "customers": "customer", "payment_methods": "PaymentMethod",
    "subscriptions": "subscription", "invoices": "invoice", "events": "event", "webhook_endpoints": "webhook endpoint",
    "subscription_items": "subscription_item", "test_clocks": "test clock",
}  # fmt: skip
"""As Stripe names them when there is no such one."""


class Computed(Protocol):
    """Objects that are made when they are looked at: many, ordered, and never written."""

    def get(self, name: str) -> Item | None:
        """The object of this id."""

    def newest(self, below: Rank, above: Rank) -> Iterator[Item]:
        """Those between two ranks, both excluded, newest first."""

    def oldest(self, below: Rank, above: Rank) -> Iterator[Item]:
        """The same, oldest first."""

    def of_customer(self, customer: str) -> Item | None:
        """The one that belongs to a customer."""


def rank(item: Item) -> Rank:
    """Where it stands."""
    return item["created"], item["id"]


@dataclass
class Shelf:
    """All objects of one kind. Those given out belong to the shelf: copy before you change one, then `put` it."""

    kind: str
    stored: dict[str, Item] = field(default_factory=dict)
    computed: Computed | None = None
    removed: dict[str, Item] = field(default_factory=dict)
    """What is left of deleted ones: `{"id", "object", "deleted": true}`."""

    def find(self, name: str) -> Item | None:
        """The object, or None; deleted ones are none."""
        if name in self.stored or name in self.removed or self.computed is None:
            return self.stored.get(name)
        return self.computed.get(name)

    def get(self, name: str, param: str = "id", status: int = 404) -> Item:
        """The object. Raises Refusal (`resource_missing`)."""
        found = self.find(name)
        if found is None:
            raise missing(KINDS[self.kind], name, param, status)
        return found

    def put(self, item: Item) -> None:
        """Write a new one, or another state of one."""
        self.stored[item["id"]] = item

    def remove(self, name: str) -> Item:
        """Delete it; returns what is left of it. Raises Refusal."""
        left = {"id": name, "object": self.get(name)["object"], "deleted": True}
        self.stored.pop(name, None)
        self.removed[name] = left
        return left

    def newest(self, below: Rank = LAST, above: Rank = (-1, "")) -> Iterator[Item]:
        """Those between two ranks, both excluded, newest first."""
        mine = sorted((item for item in self.stored.values() if above < rank(item) < below), key=rank, reverse=True)
        if self.computed is None:
            return iter(mine)
        return heapq.merge(mine, self._others(self.computed.newest(below, above)), key=rank, reverse=True)

    def oldest(self, below: Rank = LAST, above: Rank = (-1, "")) -> Iterator[Item]:
        """The same, oldest first."""
        mine = sorted((item for item in self.stored.values() if above < rank(item) < below), key=rank)
        if self.computed is None:
            return iter(mine)
        return heapq.merge(mine, self._others(self.computed.oldest(below, above)), key=rank)

    def of_customer(self, customer: str) -> list[Item]:
        """Those that belong to a customer (its id), newest first."""
        mine = [item for item in self.stored.values() if item["customer"] == customer]
        found = self.computed.of_customer(customer) if self.computed is not None else None
        return sorted([*mine, *self._others([found] if found is not None else [])], key=rank, reverse=True)

    def _others(self, computed: Iterable[Item]) -> Iterator[Item]:
        return (item for item in computed if item["id"] not in self.stored and item["id"] not in self.removed)


class Books:
    """All shelves of an account, and the drawing of ids."""

    def __init__(self, kinds: dict[str, dict[str, Item]], computed: dict[str, Computed] | None = None) -> None:
        made = computed or {}
        self._shelves = {kind: Shelf(kind, kinds.get(kind, {}), made.get(kind)) for kind in KINDS}
        self._drawn = itertools.count(1)

    def __getitem__(self, kind: str) -> Shelf:
        return self._shelves[kind]

    def copy(self, kind: str, name: str, param: str = "id", status: int = 404) -> Item:
        """An object to change and put back. Raises Refusal."""
        return copy.deepcopy(self[kind].get(name, param, status))

    def draw(self, prefix: str) -> str:
        """An id nobody has; of two of the same second the later one is the greater."""
        return f"{prefix}_1{next(self._drawn):07d}{''.join(secrets.choice(LETTERS) for _ in range(16))}"
