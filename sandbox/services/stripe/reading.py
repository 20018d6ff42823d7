"""GET: retrievals and lists of everything that the account has."""

from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request

from sandbox.services.stripe.account import Account
from sandbox.services.stripe.asked import Asked, admit, listed, one_of, texts, truth
from sandbox.services.stripe.books import Item, Shelf
from sandbox.services.stripe.errors import invalid, missing_parameter
from sandbox.services.stripe.lists import PAGING, Wanted, page

STATUSES: Final = (
    "incomplete", "incomplete_expired", "trialing", "active", "past_due", "canceled", "unpaid", "paused", "all",
    "ended",
)  # fmt: skip
ENDED: Final = ("canceled", "incomplete_expired")
MOST_TYPES: Final = 20
PARAMETERS: Final = {
    "products": ("active", "created", "ids", "shippable", "type", "url"),
    "prices": ("active", "created", "currency", "lookup_keys", "product", "recurring", "type"),
    "customers": ("created", "email", "test_clock"),
    "payment_methods": ("allow_redisplay", "customer", "customer_account", "type"),
    "subscriptions": (
        "automatic_tax", "collection_method", "created", "current_period_end", "current_period_start", "customer",
        "customer_account", "plan", "price", "status", "test_clock",
    ),
    "invoices": ("collection_method", "created", "customer", "customer_account", "due_date", "status", "subscription"),
    "events": ("created", "delivery_success", "type", "types"),
    "webhook_endpoints": (),
    "test_clocks": (),
}  # fmt: skip
"""What a list of each kind can be asked for, beside its pages, as documented."""
ANSWERED: Final = {
    "products": ("active", "ids"), "prices": ("active", "currency", "lookup_keys", "product", "type"),
    "customers": ("email", "test_clock"), "payment_methods": ("customer", "type"),
    "subscriptions": ("collection_method", "customer", "plan", "price", "status", "test_clock"),
    "invoices": ("collection_method", "customer", "status", "subscription"),
    "events": ("delivery_success", "type", "types"),
}  # fmt: skip
"""Those that this stand-in can answer: it refuses the others aloud instead of leaving them out."""


class Reading:
    """The routes."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def listing(self, request: Request, given: Asked) -> Any:
        """GET /v1/{kind}."""
        return self._page(kind_of(request), given, request.url.path)

    async def retrieval(self, request: Request, given: Asked) -> Any:
        """GET /v1/{kind}/{id}; of a customer that was deleted, that it was."""
        admit(given, ())
        shelf, name = self._account.books[kind_of(request)], request.path_params["id"]
        return shelf.removed.get(name) or shelf.get(name, "price" if shelf.kind == "prices" else "id")

    async def items(self, request: Request, given: Asked) -> Any:
        """GET /v1/subscription_items?subscription=…."""
        admit(given, ("subscription", *PAGING))
        if "subscription" not in given:
            raise missing_parameter("subscription")
        of = self._account.books["subscriptions"].get(str(given["subscription"]), "subscription", 400)
        items = Shelf("subscription_items", {item["id"]: item for item in of["items"]["data"]})
        return page(items, given, request.url.path, lambda item: True)

    async def item(self, request: Request, given: Asked) -> Any:
        """GET /v1/subscription_items/{id}."""
        admit(given, ())
        return self._account.item(request.path_params["id"])

    async def of_customer(self, request: Request, given: Asked) -> Any:
        """GET /v1/customers/{id}/payment_methods."""
        customer = self._account.books["customers"].get(request.path_params["id"], "customer")
        admit(given, (*PAGING, "type", "allow_redisplay"))
        return self._page("payment_methods", {**given, "customer": customer["id"]}, request.url.path)

    async def account(self, request: Request, given: Asked) -> Any:
        """GET /v1/account."""
        admit(given, ())
        return self._account.state["account"]

    async def balance(self, request: Request, given: Asked) -> Any:
        """GET /v1/balance."""
        admit(given, ())
        return self._account.state["balance"]

    def _page(self, kind: str, given: Asked, url: str) -> Any:
        admit(given, (*PAGING, *PARAMETERS[kind]))
        unanswered = set(given) - {*ANSWERED.get(kind, ()), *PAGING, "created", "expand"}
        if unanswered:
            raise invalid(f"the sandbox's Stripe does not answer {', '.join(sorted(unanswered))}", min(unanswered))
        filters = {"prices": prices, "subscriptions": subscriptions, "events": self._events}.get(kind, _plain)
        shelf = self._account.books[kind]
        if shelf.computed is not None and "customer" in given:  # quicker than to look at them all
            shelf = Shelf(kind, {item["id"]: item for item in shelf.of_customer(given["customer"])})
        return page(shelf, given, url, filters(given))

    def _events(self, given: Asked) -> Wanted:
        return events(given, self._account.oldest_event())


def kind_of(request: Request) -> str:
    """`prices` of `/v1/prices/…`."""
    parts = request.url.path.split("/")
    return parts[3] if parts[2] == "test_helpers" else parts[2]


def prices(given: Asked) -> Wanted:
    """`lookup_keys[]` and what is compared as it is."""
    keys = texts(given.get("lookup_keys"))
    plain = _plain({name: given[name] for name in given if name != "lookup_keys"})
    return lambda item: plain(item) and (not keys or item["lookup_key"] in keys)


def subscriptions(given: Asked) -> Wanted:
    """Without a status those that are not canceled; without customer and test clock, none of a test clock."""
    status = one_of(given["status"], STATUSES, "status") if "status" in given else ""
    price = given.get("price", given.get("plan"))
    clocked = "test_clock" in given or "customer" in given
    plain = _plain({name: given[name] for name in given if name not in ("status", "price", "plan")})

    def wanted(item: Item) -> bool:
        if price is not None and all(each["price"]["id"] != price for each in item["items"]["data"]):
            return False
        return _has_status(item["status"], status) and (clocked or item["test_clock"] is None) and plain(item)

    return wanted


def events(given: Asked, oldest: int) -> Wanted:
    """Of the last thirty days; `delivery_success=false`: some endpoint has not answered 2xx."""
    kinds = texts(given.get("types")) if "types" in given else texts(given.get("type"))
    if len(kinds) > MOST_TYPES:
        raise invalid(f"Array types exceeded maximum {MOST_TYPES} allowed elements.", "types")
    if "types" in given and "type" in given:
        raise invalid("You may only specify one of these parameters: type, types.", "types")
    delivered = truth(given["delivery_success"], "delivery_success") if "delivery_success" in given else None

    def wanted(item: Item) -> bool:
        if item["created"] < oldest or (kinds and not any(_is_type(item["type"], kind) for kind in kinds)):
            return False
        return delivered is None or delivered == (item["pending_webhooks"] == 0)

    return wanted


def _is_type(kind: str, asked: str) -> bool:
    return kind.startswith(asked[:-1]) if asked.endswith("*") else kind == asked


def _has_status(status: str, asked: str) -> bool:
    if asked == "ended":
        return status in ENDED
    return asked in ("all", status) or (asked == "" and status != "canceled")


COMPARED: Final[dict[str, Callable[[Item], object]]] = {
    "ids": lambda item: item["id"],
    "subscription": lambda item: ((item["parent"] or {}).get("subscription_details") or {}).get("subscription"),
}


def _plain(given: Asked) -> Wanted:
    """What is compared as it is: texts, and `active`."""
    asked: dict[str, list[object]] = {
        name: [truth(given[name], name)] if name == "active" else listed(given[name])
        for name in given
        if name not in (*PAGING, "created", "expand", "delivery_success", "types")
    }
    return lambda item: all(
        COMPARED.get(name, lambda item, name=name: item.get(name))(item) in values for name, values in asked.items()
    )
