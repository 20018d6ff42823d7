"""What happens in the account becomes an event, and an event is delivered to the endpoints that want it."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from sandbox.services.stripe.account import Account
from sandbox.services.stripe.books import Item
from sandbox.services.stripe.deliveries import Deliveries


class Recorder:
    """Writes events; those of one request are delivered together once it is answered."""

    def __init__(self, account: Account, deliveries: Deliveries) -> None:
        self._account, self._deliveries = account, deliveries

    def put(self, request: Request, kind: str, item: Item, happened: str, before: Item | None = None) -> Item:
        """Write an object and the event of type `happened`; `before` is the object as it was. Returns the object."""
        self._account.books[kind].put(item)
        self.happened(request, happened, item, before)
        return item

    def happened(self, request: Request, kind: str, of: Item, before: Item | None = None) -> None:
        """Write an event; nothing when `before` is given and nothing changed."""
        changed = previous(before, of) if before is not None else None
        if changed == {}:
            return
        data = {"object": of} if changed is None else {"object": of, "previous_attributes": changed}
        asked = {"id": request.state.id, "idempotency_key": request.headers.get("idempotency-key")}
        event = {
            "id": self._account.books.draw("evt"), "object": "event",
            "api_version": self._account.state["default_api_version"], "created": self._account.now(), "data": data,
            "livemode": self._account.livemode, "pending_webhooks": 0, "request": asked, "type": kind,
        }  # fmt: skip
        self._account.books["events"].put(event)
        self._deliveries.announce(request, event)


def previous(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """`previous_attributes`: the old values of what changed; in nested objects only what changed in them."""
    changed: dict[str, Any] = {}
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        changed[name] = old
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            changed[name] = previous(old, new)
    return changed
