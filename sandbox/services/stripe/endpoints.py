"""Webhook endpoints: create (the only answer that shows the signing secret), update, delete; events sent again."""

import secrets
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from sandbox.services.stripe.account import Account
from sandbox.services.stripe.asked import Asked, admit, texts, truth
from sandbox.services.stripe.books import Item
from sandbox.services.stripe.changing import metadata, plain
from sandbox.services.stripe.deliveries import Deliveries
from sandbox.services.stripe.documented import accept
from sandbox.services.stripe.errors import invalid, missing, missing_parameter
from sandbox.services.stripe.seeded import endpoint
from sandbox.services.stripe.versions import event_types, known

MOST: Final = 16
WRITTEN: Final = ("description", "enabled_events", "metadata", "url")


class Endpoints:
    """The routes."""

    def __init__(self, account: Account, deliveries: Deliveries) -> None:
        self._account, self._deliveries = account, deliveries

    async def create(self, request: Request, given: Asked) -> Item:
        """POST /v1/webhook_endpoints."""
        accept(given, "webhook_endpoint_create", (*WRITTEN, "api_version"))
        for name in ("url", "enabled_events"):
            if name not in given:
                raise missing_parameter(name)
        shelf, name = self._account.books["webhook_endpoints"], self._account.books.draw("we")
        if len(shelf.stored) >= MOST:
            raise invalid(f"You have reached the maximum of {MOST} test webhook endpoints.", "")
        made = endpoint(name, given["url"], (), self._account.now(), self._account.livemode)
        made |= {"api_version": _version(given), **self._written(made, given)}
        shelf.put(made)
        self._deliveries.signing[name] = [f"whsec_{secrets.token_hex(16)}"]
        return {**made, "secret": self._deliveries.signing[name][0]}

    async def update(self, request: Request, given: Asked) -> Item:
        """POST /v1/webhook_endpoints/{id}."""
        accept(given, "webhook_endpoint_update", (*WRITTEN, "disabled"))
        known = self._account.books["webhook_endpoints"].get(request.path_params["id"])
        after = {**known, **self._written(known, given)}
        if "disabled" in given:
            after["status"] = "disabled" if truth(given["disabled"], "disabled") else "enabled"
        self._account.books["webhook_endpoints"].put(after)
        return after

    async def delete(self, request: Request, given: Asked) -> Item:
        """DELETE /v1/webhook_endpoints/{id}."""
        admit(given, ())
        shelf = self._account.books["webhook_endpoints"]
        gone = shelf.stored.pop(shelf.get(request.path_params["id"])["id"])
        return {"id": gone["id"], "object": gone["object"], "deleted": True}

    async def resend(self, request: Request, given: Asked) -> Item:
        """POST /v1/events/{id}/retry, as `stripe events resend` asks: to one endpoint, or (to nobody) to the CLI."""
        admit(given, ("account", "for_stripecli", "webhook_endpoint"))
        event = self._account.books["events"].get(request.path_params["id"])
        if "webhook_endpoint" in given:
            shelf = self._account.books["webhook_endpoints"]
            self._deliveries.resend(event, shelf.get(given["webhook_endpoint"], "webhook_endpoint", 400))
        return event

    def _written(self, known: Item, given: Asked) -> Item:
        written = {**plain(given, "description"), "metadata": metadata(known["metadata"], given)}
        if "url" in given:
            if urlsplit(given["url"]).scheme not in ("http", "https"):
                raise invalid("Invalid URL: An explicit scheme (such as https) must be provided.", "url", "url_invalid")
            written["url"] = given["url"]
        if "enabled_events" in given:
            written["enabled_events"] = _types(given)
        return written


def _types(given: Asked) -> list[str]:
    kinds = texts(given["enabled_events"])
    strange = [kind for kind in kinds if kind != "*" and kind not in event_types()]
    if not kinds or strange:
        raise invalid(f"Invalid enabled_events: {', '.join(strange) or 'empty'}", "enabled_events")
    return kinds


def _version(given: Asked) -> str | None:
    version = given.get("api_version")
    if version and version not in known():
        raise missing("API version", version, "api_version", 400)
    return version or None
