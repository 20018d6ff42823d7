"""Subscriptions, their items and their invoices as Stripe gives them in version 2026-10-28.endive."""

from collections.abc import Sequence
from typing import Any, Final

from sandbox.services.stripe.catalogue import plan, prefix_of

Item = dict[str, Any]
ACCOUNT_NAME: Final = "Ocean"
NO_TAX: Final = {"disabled_reason": None, "enabled": False, "liability": None}


def subscription(name: str, of: str, items: Sequence[Item], created: int, /, *, livemode: bool, **more: object) -> Item:
    """An active one of a customer (its id) with these items, unless `more` says otherwise."""
    first = items[0]
    return {
        "id": name, "object": "subscription", "application": None, "application_fee_percent": None,
        "automatic_tax": dict(NO_TAX), "billing_cycle_anchor": first["current_period_start"],
        "billing_cycle_anchor_config": None, "billing_mode": {"flexible": None, "type": "classic"},
        "billing_schedules": [], "billing_thresholds": None, "cancel_at": None, "cancel_at_period_end": False,
        "canceled_at": None, "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically", "created": created, "currency": first["price"]["currency"],
        "customer": of, "customer_account": None, "days_until_due": None, "default_payment_method": None,
        "default_source": None, "default_tax_rates": [], "description": None, "discounts": [], "ended_at": None,
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": {
            "object": "list", "data": list(items), "has_more": False,
            "url": f"/v1/subscription_items?subscription={name}",
        },
        "latest_invoice": None, "livemode": livemode, "managed_payments": None, "metadata": {},
        "next_pending_invoice_item_invoice": None, "on_behalf_of": None, "pause_collection": None, "payment_settings": {
            "payment_method_options": None, "payment_method_types": None, "save_default_payment_method": "off",
        },
        "pending_invoice_item_interval": None, "pending_setup_intent": None, "pending_update": None, "schedule": None,
        "start_date": created, "status": "active", "test_clock": None, "transfer_data": None, "trial_end": None,
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}}, "trial_start": None, **more,
    }  # fmt: skip


def item(name: str, of: str, price: Item, period: tuple[int, int], created: int, /, *, quantity: int = 1) -> Item:
    """One item of a subscription (its id): what is paid for from when to when (seconds since 1970)."""
    return {
        "id": name, "object": "subscription_item", "billing_thresholds": None, "created": created,
        "current_period_end": period[1], "current_period_start": period[0], "discounts": [], "metadata": {},
        "plan": plan(price), "price": price, "quantity": quantity, "subscription": of, "tax_rates": [],
    }  # fmt: skip


def invoice(name: str, of: str, lines: Sequence[Item], created: int, /, *, livemode: bool, **more: object) -> Item:
    """An open invoice of a customer (its id) for these lines, unless `more` says otherwise; see `paid`."""
    total = sum(line["amount"] for line in lines)
    periods = [line["period"] for line in lines]
    return {
        "id": name, "object": "invoice", "account_country": "DE", "account_name": ACCOUNT_NAME,
        "account_tax_ids": None, "amount_due": total, "amount_overpaid": 0, "amount_paid": 0,
        "amount_remaining": total, "amount_shipping": 0, "application": None, "attempt_count": 0, "attempted": False,
        "auto_advance": True, "automatic_tax": {**NO_TAX, "provider": None, "status": None},
        "automatically_finalizes_at": None, "billing_reason": "manual", "collection_method": "charge_automatically",
        "created": created, "currency": lines[0]["currency"], "custom_fields": None, "customer": of,
        "customer_account": None, "customer_address": None, "customer_email": None, "customer_name": None,
        "customer_phone": None, "customer_shipping": None, "customer_tax_exempt": "none", "customer_tax_ids": [],
        "default_payment_method": None, "default_source": None, "default_tax_rates": [], "description": None,
        "discounts": [], "due_date": None, "effective_at": created, "ending_balance": 0, "footer": None,
        "from_invoice": None, "hosted_invoice_url": None, "invoice_pdf": None, "issuer": {"type": "self"},
        "last_finalization_error": None, "latest_revision": None,
        "lines": {"object": "list", "data": list(lines), "has_more": False, "url": f"/v1/invoices/{name}/lines"},
        "livemode": livemode, "metadata": {}, "next_payment_attempt": None, "number": f"{prefix_of(of)}-{name[-4:]}",
        "on_behalf_of": None, "parent": None, "payment_settings": {
            "default_mandate": None, "payment_method_options": None, "payment_method_types": None,
        },
        "period_end": max(period["end"] for period in periods),
        "period_start": min(period["start"] for period in periods), "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0, "receipt_number": None, "rendering": None, "shipping_cost": None,
        "shipping_details": None, "starting_balance": 0, "statement_descriptor": None, "status": "open",
        "status_transitions": {
            "finalized_at": created, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None,
        },
        "subtotal": total, "subtotal_excluding_tax": total, "test_clock": None, "total": total,
        "total_discount_amounts": [], "total_excluding_tax": total, "total_pretax_credit_amounts": [],
        "total_taxes": [], "webhooks_delivered_at": created, **more,
    }  # fmt: skip


def line(name: str, of: str, cents: int, period: tuple[int, int], /, *, livemode: bool, **more: object) -> Item:
    """One line of an invoice (its id), in euros."""
    return {
        "id": name, "object": "line_item", "amount": cents, "currency": "eur", "description": "1 berth",
        "discount_amounts": [], "discountable": True, "discounts": [], "invoice": of, "livemode": livemode,
        "metadata": {}, "parent": None, "period": {"end": period[1], "start": period[0]}, "pretax_credit_amounts": [],
        "pricing": None, "quantity": 1, "quantity_decimal": "1", "subscription": None, "subtotal": cents, "taxes": [],
        **more,
    }  # fmt: skip


def paid(bill: Item, moment: int) -> Item:
    """The invoice once it is paid."""
    transitions = {**bill["status_transitions"], "paid_at": moment}
    return {
        **bill, "status": "paid", "amount_paid": bill["amount_due"], "amount_remaining": 0, "attempted": True,
        "attempt_count": bill["attempt_count"] + 1, "auto_advance": False, "next_payment_attempt": None,
        "status_transitions": transitions,
    }  # fmt: skip


def subscribed(of: Item) -> Item:
    """An invoice's `parent`, when it is for a subscription."""
    details = {"metadata": dict(of["metadata"]), "subscription": of["id"]}
    return {"quote_details": None, "subscription_details": details, "type": "subscription_details"}
