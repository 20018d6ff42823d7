"""The items of a subscription: `items[0][price]`, `items[0][id]`, `items[0][deleted]`; without an id one is added."""

from collections.abc import Sequence
from typing import Any, Final

from sandbox.services.stripe import billing
from sandbox.services.stripe.account import Account
from sandbox.services.stripe.asked import Asked, listed, whole
from sandbox.services.stripe.books import Item
from sandbox.services.stripe.catalogue import bare, plan
from sandbox.services.stripe.changing import metadata
from sandbox.services.stripe.errors import invalid, missing_parameter, unknown_parameter
from sandbox.services.stripe.seeded import DAY

SECONDS: Final = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY, "year": 365 * DAY}
"""Of a period; calendars are left to Stripe."""
MEMBERS: Final = ("id", "price", "plan", "quantity", "deleted", "clear_usage", "metadata")
MOST: Final = 20


class Items:
    """Reads them from a form."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def made(self, of: str, given: Asked, trial_days: int) -> list[Item]:
        """The items of a new subscription."""
        parts = _parts(given)
        if not parts:
            raise missing_parameter("items")
        return self._checked([self._new(of, part, place, trial_days) for place, part in enumerate(parts)])

    def changed(self, known: Item, given: Asked) -> list[Item]:
        """The items after an update."""
        items = {item["id"]: item for item in known["items"]["data"]}
        for place, part in enumerate(_parts(given)):
            if "id" not in part:
                added = self._new(known["id"], part, place, 0)
                items[added["id"]] = added
                continue
            if part["id"] not in items:
                raise invalid(f"No such subscription item: '{part['id']}'", f"items[{place}][id]", "resource_missing")
            if part.get("deleted") == "true":
                del items[part["id"]]
            else:
                items[part["id"]] = self._written(items[part["id"]], part, place)
        if not items:
            raise invalid("A subscription must have at least one active plan.", "items")
        return self._checked(list(items.values()))

    def _new(self, of: str, part: Asked, place: int, trial_days: int) -> Item:
        if "price" not in part:
            raise missing_parameter(f"items[{place}][price]")
        price, now = self._price(part["price"], f"items[{place}][price]"), self._account.now()
        span = (now, now + trial_days * DAY) if trial_days else tuple(period(price, now).values())
        item = billing.item(self._account.books.draw("si"), of, price, (span[0], span[1]), now)
        return self._written(item, part, place)

    def _written(self, item: Item, part: Asked, place: int) -> Item:
        written: dict[str, Any] = {**item, "metadata": metadata(item["metadata"], part)}
        if "quantity" in part:
            written["quantity"] = whole(part["quantity"], f"items[{place}][quantity]")
        if "price" in part:
            price = self._price(part["price"], f"items[{place}][price]")
            written |= {"price": price, "plan": plan(price)}
        return written

    def _price(self, name: str, param: str) -> Item:
        price = self._account.books["prices"].get(name, param, 400)
        if not price["active"]:
            raise invalid("The price specified is inactive. This field only accepts active prices.", param)
        if price["type"] != "recurring":
            raise invalid(
                "The price specified is set to `type=one_time` but this field only accepts prices with"
                " `type=recurring`.", param,
            )  # fmt: skip
        return bare(price)

    def _checked(self, items: Sequence[Item]) -> list[Item]:
        prices = [item["price"] for item in items]
        if len({price["id"] for price in prices}) < len(prices):
            raise invalid("Cannot add multiple subscription items with the same plan.", "items")
        if len({price["currency"] for price in prices}) > 1:
            raise invalid("All prices on a subscription must have the same currency.", "items")
        if len(items) > MOST:
            raise invalid(f"A subscription may have at most {MOST} items.", "items")
        return list(items)


def period(price: Item, begins: int) -> Item:
    """When the period that begins then ends."""
    due = price["recurring"]
    length = SECONDS[due["interval"]] * due["interval_count"]
    return {"current_period_start": begins, "current_period_end": begins + length}


def _parts(given: Asked) -> list[Asked]:
    parts = listed(given.get("items"))
    for place, part in enumerate(parts):
        if not isinstance(part, dict):
            raise invalid("Invalid object", f"items[{place}]")
        for name, value in part.items():
            if name not in MEMBERS:
                raise unknown_parameter(f"items[{place}][{name}]")
            if isinstance(value, dict) and name != "metadata":
                raise invalid("Invalid string", f"items[{place}][{name}]")
    return parts
