"""Invoices: made for a subscription and charged to its card; and POST /v1/invoices/{id}/pay."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from sandbox.services.stripe import billing
from sandbox.services.stripe.account import Account
from sandbox.services.stripe.asked import Asked
from sandbox.services.stripe.books import Item
from sandbox.services.stripe.changing import card_of, declined
from sandbox.services.stripe.documented import accept
from sandbox.services.stripe.errors import invalid
from sandbox.services.stripe.recording import Recorder

RETRY_SECONDS: Final = 3 * 86400
NO_CARD: Final = (
    "This customer has no attached payment source or default payment method. Please consider adding a default payment"
    " method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting."
)


@dataclass(frozen=True)
class Bill:
    """A subscription's first invoice, what the subscription's status is because of it, and what happened."""

    invoice: Item
    status: str
    happened: tuple[str, ...]


class Invoices:
    """Makes and charges them."""

    def __init__(self, account: Account, recorder: Recorder) -> None:
        self._account, self._recorder = account, recorder

    def first(self, subscription: Item, customer: Item, behavior: str) -> Bill:
        """The invoice of a new subscription. Raises Refusal when it is to be paid at once and cannot."""
        trial = subscription["status"] == "trialing"
        open_one, now = self._made(subscription, free=trial), self._account.now()
        begun = ("invoice.created", "invoice.finalized")
        if subscription["collection_method"] == "send_invoice":
            return Bill(open_one, subscription["status"], (*begun, "invoice.sent"))
        card = _card(subscription, customer)
        if trial or open_one["amount_due"] == 0:
            status = subscription["status"]
            return Bill(billing.paid(open_one, now), status, (*begun, "invoice.paid", "invoice.payment_succeeded"))
        if behavior == "default_incomplete":
            return Bill(open_one, "incomplete", begun)
        if card is None:
            raise invalid(NO_CARD, "", "resource_missing")
        if card not in self._account.declining:
            return Bill(billing.paid(open_one, now), "active", (*begun, "invoice.paid", "invoice.payment_succeeded"))
        if behavior == "error_if_incomplete":
            raise declined(card)
        return Bill(self._failed(open_one), "incomplete", (*begun, "invoice.payment_failed"))

    def record(self, request: Request, bill: Bill) -> None:
        """Write it, and the events of it."""
        self._account.books["invoices"].put(bill.invoice)
        for kind in bill.happened:
            self._recorder.happened(request, kind, bill.invoice)

    async def pay(self, request: Request, given: Asked) -> Item:
        """POST /v1/invoices/{id}/pay: with the card that is named, or else the subscription's or the customer's."""
        accept(given, "invoice_pay", ("payment_method", "off_session"))
        invoice = self._account.books["invoices"].get(request.path_params["id"])
        if invoice["status"] not in ("draft", "open"):
            raise invalid("Invoice is already paid" if invoice["status"] == "paid" else "Invoice is not open", "id")
        card = self._chosen(given, invoice)
        invoice = self.finalized(request, invoice)
        if card in self._account.declining:
            failed = self._failed(invoice)
            self._recorder.put(request, "invoices", failed, "invoice.payment_failed")
            raise declined(card)
        paid = self._recorder.put(request, "invoices", billing.paid(invoice, self._account.now()), "invoice.paid")
        self._recorder.happened(request, "invoice.payment_succeeded", paid)
        self._settle(request, paid)
        return paid

    def finalized(self, request: Request, invoice: Item) -> Item:
        """A draft once it can be paid; an open one as it is."""
        if invoice["status"] != "draft":
            return invoice
        now = self._account.now()
        transitions = {**invoice["status_transitions"], "finalized_at": now}
        done = {**invoice, "status": "open", "effective_at": now, "status_transitions": transitions}
        return self._recorder.put(request, "invoices", done, "invoice.finalized")

    def _chosen(self, given: Asked, invoice: Item) -> str:
        if "payment_method" in given:
            return str(card_of(self._account, given["payment_method"], invoice["customer"], "payment_method")["id"])
        customer = self._account.books["customers"].get(invoice["customer"])
        subscription = self._subscription(invoice)
        card = _card(subscription, customer) if subscription else customer["invoice_settings"]["default_payment_method"]
        if card is None:
            raise invalid(NO_CARD, "", "resource_missing")
        return str(card)

    def _settle(self, request: Request, invoice: Item) -> None:
        """A subscription that waited for this invoice is active."""
        subscription = self._subscription(invoice)
        if subscription and subscription["status"] in ("incomplete", "past_due", "unpaid"):
            after = {**subscription, "status": "active"}
            self._recorder.put(request, "subscriptions", after, "customer.subscription.updated", subscription)

    def _subscription(self, invoice: Item) -> Item | None:
        details = (invoice["parent"] or {}).get("subscription_details") or {}
        return self._account.books["subscriptions"].find(details.get("subscription", ""))

    def _made(self, subscription: Item, *, free: bool) -> Item:
        books, livemode = self._account.books, self._account.livemode
        name = books.draw("in")
        lines = [
            billing.line(
                books.draw("il"), name, 0 if free else (item["price"]["unit_amount"] or 0) * item["quantity"],
                (item["current_period_start"], item["current_period_end"]), livemode=livemode,
                currency=item["price"]["currency"], quantity=item["quantity"], subscription=subscription["id"],
                quantity_decimal=str(item["quantity"]), description=item["price"]["id"],
            )
            for item in subscription["items"]["data"]
        ]  # fmt: skip
        return billing.invoice(
            name, subscription["customer"], lines, self._account.now(), livemode=livemode,
            billing_reason="subscription_create", parent=billing.subscribed(subscription),
            collection_method=subscription["collection_method"], test_clock=subscription["test_clock"],
        )  # fmt: skip

    def _failed(self, invoice: Item) -> Item:
        again = self._account.now() + RETRY_SECONDS
        return {
            **invoice, "attempted": True, "attempt_count": invoice["attempt_count"] + 1, "next_payment_attempt": again,
        }  # fmt: skip


def _card(subscription: Item, customer: Item) -> str | None:
    card = subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]
    return str(card) if card else None
