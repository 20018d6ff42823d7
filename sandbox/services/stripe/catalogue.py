"""Products, prices, customers and their cards: objects as Stripe gives them in version 2026-10-28.endive."""

import zlib
from collections.abc import Mapping
from typing import Any, Final

Item = dict[str, Any]
INCLUDED: Final = ("currency_options", "tiers")
"""Members of a price that are shown only when `expand[]` asks for them."""
NOWHERE: Final = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}


def product(name: str, shown: str, created: int, /, *, livemode: bool, **more: object) -> Item:
    """A product; `more` are fields that differ."""
    return {
        "id": name, "object": "product", "active": True, "created": created, "default_price": None,
        "description": None, "images": [], "livemode": livemode, "marketing_features": [], "metadata": {},
        "name": shown, "package_dimensions": None, "shippable": None, "statement_descriptor": None, "tax_code": None,
        "type": "service", "unit_label": None, "updated": created, "url": None, **more,
    }  # fmt: skip


def price(name: str, of: str, cents: int | None, created: int, /, *, livemode: bool, **more: object) -> Item:
    """A price of a product by the month, in euros, unless `more` says otherwise."""
    return {
        "id": name, "object": "price", "active": True, "billing_scheme": "per_unit", "created": created,
        "currency": "eur", "custom_unit_amount": None, "livemode": livemode, "lookup_key": None, "metadata": {},
        "nickname": None, "product": of, "recurring": recurring("month"), "tax_behavior": "unspecified",
        "tiers_mode": None, "transform_quantity": None, "type": "recurring", "unit_amount": cents,
        "unit_amount_decimal": None if cents is None else str(cents), **more,
    }  # fmt: skip


def recurring(interval: str, count: int = 1) -> Item:
    """How often a price is due."""
    return {
        "interval": interval, "interval_count": count, "meter": None, "trial_period_days": None,
        "usage_type": "licensed",
    }  # fmt: skip


def plan(of: Mapping[str, Any]) -> Item:
    """The older object that every subscription item still shows beside its price."""
    due = of["recurring"] or recurring("month")
    return {
        "id": of["id"], "object": "plan", "active": of["active"], "amount": of["unit_amount"],
        "amount_decimal": of["unit_amount_decimal"], "billing_scheme": of["billing_scheme"], "created": of["created"],
        "currency": of["currency"], "interval": due["interval"], "interval_count": due["interval_count"],
        "livemode": of["livemode"], "metadata": {}, "meter": None, "nickname": of["nickname"], "product": of["product"],
        "tiers_mode": of["tiers_mode"], "transform_usage": None, "trial_period_days": None,
        "usage_type": due["usage_type"],
    }  # fmt: skip


def customer(name: str, created: int, /, *, livemode: bool, pays_with: str | None = None, **more: object) -> Item:
    """A customer; `pays_with` is the id of its default payment method."""
    return {
        "id": name, "object": "customer", "address": None, "balance": 0, "created": created, "currency": None,
        "customer_account": None, "default_source": None, "delinquent": False, "description": None, "discount": None,
        "email": None, "invoice_prefix": prefix_of(name), "invoice_settings": {
            "custom_fields": None, "default_payment_method": pays_with, "footer": None, "rendering_options": None,
        },
        "livemode": livemode, "metadata": {}, "name": None, "next_invoice_sequence": 1, "phone": None,
        "preferred_locales": [], "shipping": None, "tax_exempt": "none", "test_clock": None, **more,
    }  # fmt: skip


def card(name: str, created: int, /, *, livemode: bool, of: str | None = None, **more: object) -> Item:
    """A payment method of type card: Stripe's test card 4242, of a customer when it is attached."""
    return {
        "id": name, "object": "payment_method", "allow_redisplay": "unspecified", "billing_details": {
            "address": dict(NOWHERE), "email": None, "name": None, "phone": None, "tax_id": None,
        },
        "card": {
            "brand": "visa", "checks": {
                "address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass",
            },
            "country": "US", "display_brand": "visa", "exp_month": 8, "exp_year": 2034,
            "fingerprint": "Xt5EWLLDS7FJjR1c", "funding": "credit", "generated_from": None, "last4": "4242",
            "networks": {"available": ["visa"], "preferred": None}, "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True}, "wallet": None,
        },
        "created": created, "customer": of, "customer_account": None, "livemode": livemode, "metadata": {},
        "type": "card", **more,
    }  # fmt: skip


def prefix_of(customer_name: str) -> str:
    """What the numbers of a customer's invoices begin with."""
    return f"{zlib.crc32(customer_name.encode()):08X}"


def bare(of: Mapping[str, Any]) -> Item:
    """A price as it is shown unless more is asked for."""
    return {name: member for name, member in of.items() if name not in INCLUDED}


def options(of: Mapping[str, Any]) -> Item:
    """A price's `currency_options`, that of its own currency among them."""
    own = {name: of[name] for name in ("custom_unit_amount", "tax_behavior", "unit_amount", "unit_amount_decimal")}
    return {of["currency"]: own, **of.get("currency_options", {})}
