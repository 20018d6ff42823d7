"""Products and prices: create and update."""

from typing import Final

from starlette.requests import Request

from sandbox.services.stripe import catalogue
from sandbox.services.stripe.account import Account
from sandbox.services.stripe.asked import Asked, one_of, truth, whole
from sandbox.services.stripe.books import Item
from sandbox.services.stripe.changing import metadata, plain
from sandbox.services.stripe.documented import accept
from sandbox.services.stripe.errors import invalid, missing_parameter
from sandbox.services.stripe.recording import Recorder

OF_PRODUCT: Final = ("active", "default_price", "description", "metadata", "name")
OF_PRICE: Final = ("active", "lookup_key", "metadata", "nickname")
INTERVALS: Final = ("day", "week", "month", "year")


class Sales:
    """The routes."""

    def __init__(self, account: Account, recorder: Recorder) -> None:
        self._account, self._recorder = account, recorder

    async def create_product(self, request: Request, given: Asked) -> Item:
        """POST /v1/products."""
        accept(given, "product_create", ("id", "active", "description", "metadata", "name"))
        if not given.get("name"):
            raise missing_parameter("name")
        name = given.get("id") or self._account.books.draw("prod")
        if self._account.books["products"].find(name):
            raise invalid("Product already exists.", "id", "resource_already_exists")
        made = catalogue.product(name, given["name"], self._account.now(), livemode=self._account.livemode)
        return self._recorder.put(request, "products", {**made, **self._of_product(made, given)}, "product.created")

    async def update_product(self, request: Request, given: Asked) -> Item:
        """POST /v1/products/{id}."""
        accept(given, "product_update", OF_PRODUCT)
        before = self._account.books["products"].get(request.path_params["id"])
        after = {**before, **self._of_product(before, given), "updated": self._account.now()}
        return self._recorder.put(request, "products", after, "product.updated", before)

    async def create_price(self, request: Request, given: Asked) -> Item:
        """POST /v1/prices: per unit, once or by the month and the like."""
        needed = ("currency", "product", "unit_amount")
        accept(given, "price_create", (*OF_PRICE, *needed, "recurring"))
        for name in needed:
            if name not in given:
                raise missing_parameter(name)
        product = self._account.books["products"].get(given["product"], "product", 400)
        due = _recurring(given)
        made = catalogue.price(
            self._account.books.draw("price"), product["id"], whole(given["unit_amount"], "unit_amount"),
            self._account.now(), livemode=self._account.livemode, currency=given["currency"].lower(), recurring=due,
            type="recurring" if due else "one_time",
        )  # fmt: skip
        return self._recorder.put(request, "prices", {**made, **self._of_price(made, given)}, "price.created")

    async def update_price(self, request: Request, given: Asked) -> Item:
        """POST /v1/prices/{id}: what it costs never changes."""
        accept(given, "price_update", OF_PRICE)
        before = self._account.books["prices"].get(request.path_params["id"], "price")
        after = {**before, **self._of_price(before, given)}
        self._recorder.put(request, "prices", after, "price.updated", before)
        self._account.embed(after)
        return after

    def _of_product(self, known: Item, given: Asked) -> Item:
        written = {**plain(given, "description"), "metadata": metadata(known["metadata"], given)}
        if "name" in given:
            written["name"] = given["name"]
        if "active" in given:
            written["active"] = truth(given["active"], "active")
        if "default_price" in given:
            price = self._account.books["prices"].get(given["default_price"], "default_price", 400)
            written["default_price"] = price["id"]
        return written

    def _of_price(self, known: Item, given: Asked) -> Item:
        written = {**plain(given, "nickname", "lookup_key"), "metadata": metadata(known["metadata"], given)}
        if "active" in given:
            written["active"] = truth(given["active"], "active")
        key = written.get("lookup_key")
        others = [item for item in self._account.books["prices"].stored.values() if item["id"] != known["id"]]
        if key and any(item["lookup_key"] == key for item in others):
            raise invalid(f"A price (`{known['id']}`) already uses that lookup key.", "lookup_key")
        return written


def _recurring(given: Asked) -> Item | None:
    due = given.get("recurring")
    if due is None:
        return None
    if not isinstance(due, dict) or set(due) - {"interval", "interval_count"}:
        raise invalid("the sandbox's Stripe answers recurring[interval] and [interval_count] only", "recurring")
    interval = one_of(due.get("interval"), INTERVALS, "recurring[interval]")
    return catalogue.recurring(interval, whole(due.get("interval_count", 1), "recurring[interval_count]"))
