"""Subscriptions: create, update, cancel; their invoices are made and charged by `Invoices`.

What changes within a period is not prorated: `proration_behavior` is read and its amounts are left out.
"""

from typing import Any, Final

from starlette.requests import Request

from sandbox.services.stripe import billing
from sandbox.services.stripe.account import Account
from sandbox.services.stripe.asked import Asked, one_of, truth, whole
from sandbox.services.stripe.books import Item
from sandbox.services.stripe.changing import card_of, metadata, plain
from sandbox.services.stripe.documented import accept
from sandbox.services.stripe.errors import invalid, missing, missing_parameter
from sandbox.services.stripe.invoices import Invoices
from sandbox.services.stripe.recording import Recorder
from sandbox.services.stripe.seeded import DAY
from sandbox.services.stripe.subscribed_items import Items, period

WRITTEN: Final = (
    "cancel_at_period_end", "collection_method", "days_until_due", "default_payment_method", "description", "items",
    "metadata", "off_session", "payment_behavior", "proration_behavior",
)  # fmt: skip
BEHAVIORS: Final = ("allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete")
PRORATIONS: Final = ("create_prorations", "none", "always_invoice")
ENDED: Final = ("canceled", "incomplete_expired")
FROZEN: Final = "A canceled subscription can only update its cancellation_details and metadata."


class Subscriptions:
    """The routes of subscriptions, and what customers do to theirs."""

    def __init__(self, account: Account, recorder: Recorder, invoices: Invoices) -> None:
        self._account, self._recorder, self._invoices = account, recorder, invoices
        self._items = Items(account)

    async def create(self, request: Request, given: Asked) -> Item:
        """POST /v1/subscriptions."""
        accept(given, "subscription_create", (*WRITTEN, "customer", "trial_period_days"))
        if "customer" not in given:
            raise missing_parameter("customer")
        customer = self._account.books["customers"].get(given["customer"], "customer", 400)
        behavior = one_of(given.get("payment_behavior", BEHAVIORS[0]), BEHAVIORS[:3], "payment_behavior")
        made = self._made(given, customer)
        bill = self._invoices.first(made, customer, behavior)
        made |= {"status": bill.status, "latest_invoice": bill.invoice["id"]}
        self._recorder.put(request, "subscriptions", made, "customer.subscription.created")
        self._invoices.record(request, bill)
        return made

    async def update(self, request: Request, given: Asked) -> Item:
        """POST /v1/subscriptions/{id}."""
        accept(given, "subscription_update", (*WRITTEN, "cancellation_details", "trial_end"))
        known = self._account.books["subscriptions"].get(request.path_params["id"])
        if known["status"] in ENDED and set(given) - {"metadata", "cancellation_details", "expand"}:
            raise invalid(FROZEN, "id")
        items = self._items.changed(known, given) if "items" in given else known["items"]["data"]
        changes = {**self._written(given, known), "items": {**known["items"], "data": items}}
        return self.write(request, known, {**changes, **self._trial(given, known)})

    async def cancel(self, request: Request, given: Asked) -> Item:
        """DELETE /v1/subscriptions/{id}: at once; there is none to cancel when it has ended."""
        accept(given, "subscription_cancel", ("cancellation_details", "invoice_now", "prorate"))
        known = self._account.books["subscriptions"].get(request.path_params["id"])
        if known["status"] in ENDED:
            raise missing("subscription", known["id"])
        return self.end(request, known)

    def alive(self, customer: str) -> list[Item]:
        """Those of a customer that have not ended."""
        found = self._account.books["subscriptions"].of_customer(customer)
        return [item for item in found if item["status"] not in ENDED]

    def end(self, request: Request, known: Item) -> Item:
        """Cancel one now."""
        now = self._account.now()
        reason = {**known["cancellation_details"], "reason": "cancellation_requested"}
        ended = {
            **known, "status": "canceled", "canceled_at": now, "ended_at": now, "cancellation_details": reason,
        }  # fmt: skip
        return self._recorder.put(request, "subscriptions", ended, "customer.subscription.deleted")

    def write(self, request: Request, known: Item, changes: Item) -> Item:
        """Change one."""
        after = {**known, **changes}
        return self._recorder.put(request, "subscriptions", after, "customer.subscription.updated", known)

    def _made(self, given: Asked, customer: Item) -> Item:
        name, now = self._account.books.draw("sub"), self._account.now()
        days = whole(given["trial_period_days"], "trial_period_days") if "trial_period_days" in given else 0
        items = self._items.made(name, given, days)
        made = billing.subscription(
            name, customer["id"], items, now, livemode=self._account.livemode, test_clock=customer["test_clock"]
        )
        if days:
            made |= {"status": "trialing", "trial_start": now, "trial_end": now + days * DAY}
        return {**made, **self._written(given, made)}

    def _written(self, given: Asked, known: Item) -> Item:
        written: dict[str, Any] = {"metadata": metadata(known["metadata"], given), **plain(given, "description")}
        one_of(given.get("proration_behavior", PRORATIONS[0]), PRORATIONS, "proration_behavior")
        if given.get("default_payment_method"):
            card_of(self._account, given["default_payment_method"], known["customer"], "default_payment_method")
        written |= plain(given, "default_payment_method")
        if "cancel_at_period_end" in given:
            written |= self._ending(truth(given["cancel_at_period_end"], "cancel_at_period_end"), known)
        if "collection_method" in given:
            methods = ("charge_automatically", "send_invoice")
            written["collection_method"] = one_of(given["collection_method"], methods, "collection_method")
        if "days_until_due" in given:
            written["days_until_due"] = whole(given["days_until_due"], "days_until_due")
        return written

    def _ending(self, ends: bool, known: Item) -> Item:
        until = max(item["current_period_end"] for item in known["items"]["data"])
        reason = {**known["cancellation_details"], "reason": "cancellation_requested" if ends else None}
        return {
            "cancel_at_period_end": ends, "cancel_at": until if ends else None,
            "canceled_at": self._account.now() if ends else None, "cancellation_details": reason,
        }  # fmt: skip

    def _trial(self, given: Asked, known: Item) -> Item:
        """`trial_end=now` ends a trial; a new period begins."""
        if "trial_end" not in given:
            return {}
        if given["trial_end"] != "now" or known["status"] != "trialing":
            raise invalid("the sandbox's Stripe only ends trials", "trial_end")
        now = self._account.now()
        items = [{**item, **period(item["price"], now)} for item in known["items"]["data"]]
        return {"status": "active", "trial_end": now, "items": {**known["items"], "data": items}}
