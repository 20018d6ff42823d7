"""Objects that a fault row writes in part: what it does not say is as usual, so that each row says only its point.

A subscription's `item` (which no object of Stripe's has) says what differs in its only item; an item's price may be an
id. `items.data` may hold several such parts.
"""

from collections.abc import Callable
from typing import Any, Final

from sandbox.services.state import State, merged
from sandbox.services.stripe import billing, catalogue
from sandbox.services.stripe.seeded import DAY, HANDLED, endpoint, event

Item = dict[str, Any]
MONTH: Final = 30 * DAY


def complete(state: State, now: float) -> State:
    """The state with whole objects only."""
    moment = int(now) - 3600
    for kind, whole in WHOLE.items():
        for name, part in state[kind].items():
            usual = whole(name, part, state, part.get("created", moment))
            if "object" not in part:
                part = merged(usual, part)
            state[kind][name] = {**dict.fromkeys(usual), **part}  # what a patch takes away is null at Stripe's
    for price in state["prices"].values():
        if price["unit_amount"] is not None:
            price["unit_amount_decimal"] = str(price["unit_amount"])
    for subscription in state["subscriptions"].values():
        _items(subscription, state)
    return state


def _product(name: str, part: Item, state: State, moment: int) -> Item:
    return catalogue.product(name, name, moment, livemode=state["livemode"])


def _price(name: str, part: Item, state: State, moment: int) -> Item:
    cents = part.get("unit_amount", 2900)
    return catalogue.price(name, "prod_seed_coast", cents, moment, livemode=state["livemode"])


def _customer(name: str, part: Item, state: State, moment: int) -> Item:
    return catalogue.customer(name, moment, livemode=state["livemode"])


def _card(name: str, part: Item, state: State, moment: int) -> Item:
    return catalogue.card(name, moment, livemode=state["livemode"])


def _subscription(name: str, part: Item, state: State, moment: int) -> Item:
    item = _item(name, {}, state, moment)
    return billing.subscription(name, "cus_seed_atoll", [item], moment, livemode=state["livemode"])


def _item(of: str, part: Item, state: State, moment: int) -> Item:
    asked = part.get("price", "price_seed_coast")
    price = state["prices"].get(asked) or _price(asked, {}, state, moment)
    return billing.item(f"si_{of.removeprefix('sub_')}", of, catalogue.bare(price), (moment, moment + MONTH), moment)


def _invoice(name: str, part: Item, state: State, moment: int) -> Item:
    cents = part.get("amount_due", 2900)
    line = billing.line(name.replace("in_", "il_", 1), name, cents, (moment, moment), livemode=state["livemode"])
    bill = billing.invoice(name, "cus_seed_atoll", [line], moment, livemode=state["livemode"])
    return billing.paid(bill, moment) if part.get("status") == "paid" else bill


def _event(name: str, part: Item, state: State, moment: int) -> Item:
    kind = part.get("type", "invoice.paid")
    shelf, of = ("invoices", "in_seed_atoll_1") if kind.startswith("invoice") else ("subscriptions", "sub_seed_atoll")
    about = state[shelf].get(of) or {"id": of, "object": shelf[:-1], "livemode": state["livemode"]}
    return event(name, kind, about, moment)


def _endpoint(name: str, part: Item, state: State, moment: int) -> Item:
    return endpoint(name, "https://elsewhere.example/stripe", HANDLED, moment, state["livemode"])


WHOLE: Final[dict[str, Callable[[str, Item, State, int], Item]]] = {
    "products": _product, "prices": _price, "customers": _customer, "payment_methods": _card,
    "subscriptions": _subscription, "invoices": _invoice, "events": _event, "webhook_endpoints": _endpoint,
}  # fmt: skip


def _items(subscription: Item, state: State) -> None:
    differs = subscription.pop("item", {})
    parts = subscription["items"]["data"]
    if differs and len(parts) == 1:
        parts = [merged(parts[0], differs)]
    first = parts[0] if parts else {}
    items = [_whole_item(subscription, part, first, place, state) for place, part in enumerate(parts)]
    subscription["items"] = {**subscription["items"], "data": items}


def _periods(first: Item) -> Item:
    return {name: first[name] for name in ("current_period_start", "current_period_end") if name in first}


def _whole_item(subscription: Item, part: Item, first: Item, place: int, state: State) -> Item:
    if "object" not in part:
        whole = _item(subscription["id"], part, state, subscription["created"])
        number = f"_{place + 1}" if place else ""
        whole |= {"id": whole["id"] + number, **_periods(first)}
        part = {**whole, **part}
    price = part["price"]
    if isinstance(price, str):
        price = _price(price, {}, state, subscription["created"])
    price = state["prices"].get(price["id"], price)
    usual = _item(subscription["id"], {}, state, subscription["created"])
    return {**dict.fromkeys(usual), **part, "price": catalogue.bare(price), "plan": catalogue.plan(price)}
