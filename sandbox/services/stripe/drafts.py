"""Invoices that no subscription made: an amount is added for a customer, an invoice collects it, and is finalized."""

from collections import defaultdict
from typing import Final

from starlette.requests import Request

from sandbox.services.stripe import billing
from sandbox.services.stripe.account import Account
from sandbox.services.stripe.asked import Asked, admit, one_of, whole
from sandbox.services.stripe.books import Item
from sandbox.services.stripe.changing import metadata, plain
from sandbox.services.stripe.documented import accept
from sandbox.services.stripe.errors import invalid, missing_parameter
from sandbox.services.stripe.invoices import Invoices
from sandbox.services.stripe.recording import Recorder

METHODS: Final = ("charge_automatically", "send_invoice")


class Drafts:
    """The routes."""

    def __init__(self, account: Account, recorder: Recorder, invoices: Invoices) -> None:
        self._account, self._recorder, self._invoices = account, recorder, invoices
        self._pending: dict[str, list[Item]] = defaultdict(list)

    async def add(self, request: Request, given: Asked) -> Item:
        """POST /v1/invoiceitems: waits for the customer's next invoice."""
        accept(given, "invoice_item_create", ("amount", "currency", "customer", "description", "metadata"))
        for name in ("amount", "currency", "customer"):
            if name not in given:
                raise missing_parameter(name)
        customer = self._account.books["customers"].get(given["customer"], "customer", 400)["id"]
        now, cents = self._account.now(), whole(given["amount"], "amount")
        item = {
            "id": self._account.books.draw("ii"), "object": "invoiceitem", "amount": cents, "net_amount": cents,
            "currency": given["currency"].lower(), "customer": customer, "customer_account": None, "date": now,
            "description": given.get("description"), "discountable": True, "discounts": [], "invoice": None,
            "livemode": self._account.livemode, "metadata": metadata({}, given), "parent": None,
            "period": {"start": now, "end": now}, "pricing": None, "proration": False, "quantity": 1,
            "quantity_decimal": "1", "tax_rates": [], "test_clock": None,
        }  # fmt: skip
        self._pending[customer].append(item)
        return item

    async def create(self, request: Request, given: Asked) -> Item:
        """POST /v1/invoices: a draft of what waits."""
        answered = ("auto_advance", "collection_method", "customer", "description", "metadata")
        accept(given, "invoice_create", (*answered, "pending_invoice_items_behavior"))
        if "customer" not in given:
            raise missing_parameter("customer")
        customer = self._account.books["customers"].get(given["customer"], "customer", 400)["id"]
        one_of(given.get("collection_method", METHODS[0]), METHODS, "collection_method")
        waiting = self._pending.pop(customer, [])
        if not waiting:
            raise invalid("the sandbox's Stripe makes no invoice without an amount", "customer")
        made = self._draft(customer, waiting) | plain(given, "description", "collection_method")
        return self._recorder.put(request, "invoices", {**made, "metadata": metadata({}, given)}, "invoice.created")

    async def finalize(self, request: Request, given: Asked) -> Item:
        """POST /v1/invoices/{id}/finalize."""
        admit(given, ("auto_advance",))
        invoice = self._account.books["invoices"].get(request.path_params["id"])
        if invoice["status"] != "draft":
            raise invalid("This invoice is already finalized.", "id")
        return self._invoices.finalized(request, invoice)

    def _draft(self, customer: str, waiting: list[Item]) -> Item:
        books, livemode = self._account.books, self._account.livemode
        name = books.draw("in")
        lines = [
            billing.line(
                books.draw("il"), name, item["amount"], (item["period"]["start"], item["period"]["end"]),
                livemode=livemode, currency=item["currency"], description=item["description"],
            )
            for item in waiting
        ]  # fmt: skip
        made = billing.invoice(name, customer, lines, self._account.now(), livemode=livemode)
        transitions = {**made["status_transitions"], "finalized_at": None}
        return {**made, "status": "draft", "effective_at": None, "status_transitions": transitions}
