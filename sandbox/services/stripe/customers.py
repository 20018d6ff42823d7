"""Customers and their payment methods: create, update, delete; create, attach, detach."""

from typing import Any, Final

from starlette.requests import Request

from sandbox.services.stripe import catalogue
from sandbox.services.stripe.account import Account
from sandbox.services.stripe.asked import Asked, admit, one_of
from sandbox.services.stripe.books import Item
from sandbox.services.stripe.changing import declined, default_card, metadata, plain
from sandbox.services.stripe.documented import accept
from sandbox.services.stripe.errors import invalid, missing, missing_parameter
from sandbox.services.stripe.recording import Recorder
from sandbox.services.stripe.subscriptions import Subscriptions

TEXTS: Final = ("description", "email", "name", "phone")
WRITTEN: Final = (*TEXTS, "invoice_settings", "metadata", "tax_exempt")
DECLINED_AT_ONCE: Final = ("chargeDeclined", "visa_chargeDeclined")
DECLINED_LATER: Final = ("chargeCustomerFail",)
TEST_CARDS: Final = ("visa", "mastercard", "amex", *DECLINED_AT_ONCE, *DECLINED_LATER)
"""Stripe's test cards that the sandbox knows: `pm_card_visa`, `tok_visa` …"""
USED: Final = (
    "This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and"
    " may not be used again."
)


class Customers:
    """The routes of customers."""

    def __init__(self, account: Account, recorder: Recorder, subscriptions: Subscriptions) -> None:
        self._account, self._recorder, self._subscriptions = account, recorder, subscriptions

    async def create(self, request: Request, given: Asked) -> Item:
        """POST /v1/customers."""
        accept(given, "customer_create", (*WRITTEN, "payment_method", "test_clock"))
        name, livemode = self._account.books.draw("cus"), self._account.livemode
        customer = catalogue.customer(name, self._account.now(), livemode=livemode, **plain(given, *TEXTS))
        if "test_clock" in given:
            clock = self._account.books["test_clocks"].get(given["test_clock"], "test_clock", 400)
            customer["test_clock"] = clock["id"]
        card = self._attached(given["payment_method"], name) if "payment_method" in given else None
        if card is not None:
            self._account.books["payment_methods"].put(card)
            given = _renamed(given, given["payment_method"], card["id"])
        customer |= self._written(customer, given)
        self._recorder.put(request, "customers", customer, "customer.created")
        if card is not None:
            self._recorder.happened(request, "payment_method.attached", card)
        return customer

    async def update(self, request: Request, given: Asked) -> Item:
        """POST /v1/customers/{id}."""
        accept(given, "customer_update", WRITTEN)
        before = self._account.books["customers"].get(request.path_params["id"])
        after = {**before, **plain(given, *TEXTS), **self._written(before, given)}
        return self._recorder.put(request, "customers", after, "customer.updated", before)

    async def delete(self, request: Request, given: Asked) -> Item:
        """DELETE /v1/customers/{id}: ends its subscriptions at once and detaches its cards."""
        admit(given, ())
        customer = self._account.books["customers"].get(request.path_params["id"])
        for subscription in self._subscriptions.alive(customer["id"]):
            self._subscriptions.end(request, subscription)
        for card in self._account.books["payment_methods"].of_customer(customer["id"]):
            self._detach(request, card)
        left = self._account.books["customers"].remove(customer["id"])
        self._recorder.happened(request, "customer.deleted", customer)
        return left

    async def attach(self, request: Request, given: Asked) -> Item:
        """POST /v1/payment_methods/{id}/attach."""
        accept(given, "payment_method_attach", ("customer",))
        if "customer" not in given:
            raise missing_parameter("customer")
        customer = self._account.books["customers"].get(given["customer"], "customer", 400)
        card = self._attached(request.path_params["id"], customer["id"])
        return self._recorder.put(request, "payment_methods", card, "payment_method.attached")

    async def detach(self, request: Request, given: Asked) -> Item:
        """POST /v1/payment_methods/{id}/detach."""
        admit(given, ())
        card = self._account.books["payment_methods"].get(request.path_params["id"])
        if card["customer"] is None:
            raise invalid(
                "The payment method you provided is not attached to a customer so detachment is impossible.", "id"
            )
        return self._detach(request, card)

    async def make(self, request: Request, given: Asked) -> Item:
        """POST /v1/payment_methods: a card of a test token; numbers of cards are refused, as without permission."""
        accept(given, "payment_method_create", ("type", "card", "billing_details", "metadata"))
        one_of(given.get("type"), ("card",), "type")
        token = given.get("card", {}).get("token", "") if isinstance(given.get("card"), dict) else ""
        if not token:
            raise invalid("Sending credit card numbers directly to the Stripe API is generally unsafe.", "card[number]")
        if token.removeprefix("tok_") not in TEST_CARDS:
            raise missing("token", token, "card[token]", 400)
        card = self._card(token.removeprefix("tok_"))
        card |= {"metadata": metadata({}, given), "billing_details": _details(given, card["billing_details"])}
        self._account.books["payment_methods"].put(card)
        return card

    def _written(self, customer: Item, given: Asked) -> Item:
        settings = {**customer["invoice_settings"], **default_card(self._account, given, customer["id"])}
        exempt = one_of(given.get("tax_exempt", customer["tax_exempt"]), ("none", "exempt", "reverse"), "tax_exempt")
        return {
            "metadata": metadata(customer["metadata"], given), "invoice_settings": settings, "tax_exempt": exempt,
        }  # fmt: skip

    def _attached(self, name: str, customer: str) -> Item:
        """The card as it is once it is attached: of a test card a new one."""
        shelf = self._account.books["payment_methods"]
        known = name.removeprefix("pm_card_")
        card = self._card(known) if known != name and known in TEST_CARDS else shelf.get(name)
        if card["customer"] not in (None, customer):
            raise invalid("The payment method you provided has already been attached to a customer.", "id")
        if card["id"] in self._account.detached:
            raise invalid(USED, "id")
        if card["id"] in self._account.refused_at_once:
            raise declined(card["id"])
        return {**card, "customer": customer}

    def _card(self, known: str) -> Item:
        card = catalogue.card(self._account.books.draw("pm"), self._account.now(), livemode=self._account.livemode)
        if known in DECLINED_LATER:
            self._account.declining.add(card["id"])
        if known in DECLINED_AT_ONCE:
            self._account.refused_at_once.add(card["id"])
        return card

    def _detach(self, request: Request, card: Item) -> Item:
        """Nobody's default any more."""
        books, of = self._account.books, card["customer"]
        customer = books["customers"].get(of)
        settings = customer["invoice_settings"]
        if settings["default_payment_method"] == card["id"]:
            after = {**customer, "invoice_settings": {**settings, "default_payment_method": None}}
            self._recorder.put(request, "customers", after, "customer.updated", customer)
        for subscription in self._subscriptions.alive(of):
            if subscription["default_payment_method"] == card["id"]:
                self._subscriptions.write(request, subscription, {"default_payment_method": None})
        self._account.detached.add(card["id"])
        detached = {**card, "customer": None}
        return self._recorder.put(request, "payment_methods", detached, "payment_method.detached", card)


def _renamed(given: Asked, test_card: str, card: str) -> Asked:
    """A test card may also be named as the default: then that is the card which was made of it."""
    settings = given.get("invoice_settings", {})
    if isinstance(settings, dict) and settings.get("default_payment_method") == test_card:
        return {**given, "invoice_settings": {**settings, "default_payment_method": card}}
    return given


def _details(given: Asked, known: Item) -> dict[str, Any]:
    details = given.get("billing_details", {})
    if not isinstance(details, dict) or set(details) - set(known):
        raise invalid("Invalid object", "billing_details")
    return {**known, **details}
