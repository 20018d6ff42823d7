"""`expand[]`: ids in an answer replaced by the objects that they name."""

from collections.abc import Iterable
from typing import Any, Final

from sandbox.services.stripe.books import Books
from sandbox.services.stripe.errors import invalid

DEEPEST: Final = 4
KINDS: Final = {
    "customer": "customers", "default_payment_method": "payment_methods", "product": "products", "price": "prices",
    "default_price": "prices", "latest_invoice": "invoices", "subscription": "subscriptions",
    "payment_method": "payment_methods", "test_clock": "test_clocks",
}  # fmt: skip
"""Field -> kind of what it names; what is no field of these cannot be expanded."""
ALREADY: Final = ("data", "items", "lines", "invoice_settings", "parent", "subscription_details", "subscription_item_details")
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


def expanded(value: Any, wanted: Tree, books: Books, path: str = "") -> Any:
    """The same answer with what is wanted in full; what is given in is not changed."""
    if isinstance(value, list):
        return [expanded(item, wanted, books, path) for item in value]
    if not wanted or value is None:
        return value
    if not isinstance(value, dict):
        raise _refused(path)
    return {**value, **{name: _member(value, name, wanted[name], books, path) for name in wanted}}


def _member(value: dict[str, Any], name: str, deeper: Tree, books: Books, path: str) -> Any:
    path = f"{path}.{name}" if path else name
    if name not in value or name not in (*KINDS, *ALREADY):
        raise _refused(path)
    found = value[name]
    if isinstance(found, str):
        shelf = books[KINDS[name]]
        found = shelf.removed.get(found) or shelf.get(found)
    return expanded(found, deeper, books, path)


def _refused(path: str) -> Exception:
    return invalid(f"This property cannot be expanded ({path}).", "expand")
