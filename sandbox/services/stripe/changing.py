"""What all writes share: metadata that is merged, references that must exist, charges that succeed or do not."""

from typing import Final

from sandbox.services.refusal import Refusal
from sandbox.services.stripe.account import Account
from sandbox.services.stripe.asked import Asked
from sandbox.services.stripe.books import Item
from sandbox.services.stripe.errors import invalid, missing, refused

MOST_KEYS: Final = 50
DECLINED: Final = "Your card was declined."


def metadata(known: Item, given: Asked) -> Item:
    """Keys are merged, an empty value takes one away, and an empty text takes all."""
    if "metadata" not in given:
        return known
    if given["metadata"] == "":
        return {}
    if not isinstance(given["metadata"], dict):
        raise invalid("Invalid object", "metadata")
    merged = {name: text for name, text in {**known, **given["metadata"]}.items() if text != ""}
    if len(merged) > MOST_KEYS:
        raise invalid(f"Metadata can have up to {MOST_KEYS} keys", "metadata")
    return merged


def plain(given: Asked, *names: str) -> Item:
    """Texts that are written as they are given; an empty one is null."""
    return {name: given[name] or None for name in names if name in given}


def card_of(account: Account, name: str, customer: str, param: str) -> Item:
    """A payment method that is attached to this customer. Raises Refusal."""
    card = account.books["payment_methods"].get(name, param, 400)
    if card["customer"] != customer:
        raise missing("PaymentMethod", name, param, 400)
    return card


def default_card(account: Account, given: Asked, customer: str) -> dict[str, str | None]:
    """`invoice_settings[default_payment_method]`, looked up; nothing when it is not given."""
    settings = given.get("invoice_settings", {})
    if not isinstance(settings, dict) or set(settings) - {"default_payment_method"}:
        raise invalid("the sandbox's Stripe answers invoice_settings[default_payment_method] only", "invoice_settings")
    if "default_payment_method" not in settings:
        return {}
    name = settings["default_payment_method"]
    if name:
        card_of(account, name, customer, "invoice_settings[default_payment_method]")
    return {"default_payment_method": name or None}


def declined(card: str) -> Refusal:
    """402: the bank refused."""
    return refused(
        402, DECLINED, code="card_declined", type_="card_error", decline_code="generic_decline", payment_method=card,
    )  # fmt: skip
