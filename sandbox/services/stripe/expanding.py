"""`expand[]`: ids in an answer replaced by the objects that they name, and members that are shown only when asked."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

from sandbox.services.stripe.books import Books, Item
from sandbox.services.stripe.catalogue import INCLUDED, bare, options
from sandbox.services.stripe.errors import invalid

DEEPEST: Final = 4
KINDS: Final = {
    "customer": "customers", "default_payment_method": "payment_methods", "product": "products", "price": "prices",
    "default_price": "prices", "latest_invoice": "invoices", "subscription": "subscriptions",
    "payment_method": "payment_methods", "test_clock": "test_clocks",
}  # fmt: skip
"""Field -> kind of what it names; what is no field of these cannot be expanded."""
ALREADY: Final = (
    "data", "items", "lines", "invoice_settings", "parent", "subscription_details", "subscription_item_details",
)  # fmt: skip
"""On the way to a field: objects that are given whole anyway."""
Tree = dict[str, Any]


def tree(paths: Iterable[str]) -> Tree:
    """Paths like `data.customer.invoice_settings` as one tree. Raises Refusal when one is too deep."""
    grown: Tree = {}
    for path in paths:
        parts = path.split(".")
        if len(parts) > DEEPEST:
            raise invalid(f"You cannot expand more than {DEEPEST} levels of a property. Property: {path}", "expand")
        branch = grown
        for part in parts:
            branch = branch.setdefault(part, {})
    return grown


class Expanding:
    """For one request: `may_read` raises Refusal when its key lacks the permission for a kind."""

    def __init__(self, books: Books, may_read: Callable[[str], None]) -> None:
        self._books, self._may_read = books, cache(may_read)  # a page asks a hundred times

    def expanded(self, value: Any, wanted: Tree, path: str = "") -> Any:
        """The same answer with what is wanted in full; what is given in is not changed."""
        if isinstance(value, list):
            return [self.expanded(item, wanted, path) for item in value]
        if not isinstance(value, dict):
            if wanted and value is not None:
                raise _refused(path)
            return value
        shown = bare(value) if value.get("object") == "price" else value
        if not wanted:
            return shown
        return {**shown, **{name: self._member(value, name, wanted[name], path) for name in wanted}}

    def _member(self, value: Item, name: str, deeper: Tree, path: str) -> Any:
        path = f"{path}.{name}" if path else name
        if value.get("object") == "price" and name in INCLUDED:
            return options(value) if name == "currency_options" else value.get(name)
        if name not in value or name not in (*KINDS, *ALREADY):
            raise _refused(path)
        found = value[name]
        if isinstance(found, str):
            self._may_read(KINDS[name])
            shelf = self._books[KINDS[name]]
            found = shelf.removed.get(found) or shelf.get(found)
        return self.expanded(found, deeper, path)


def _refused(path: str) -> Exception:
    return invalid(f"This property cannot be expanded ({path}).", "expand")
