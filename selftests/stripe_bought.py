"""What happens in the stand-in for Stripe, and customers and subscriptions made in it with the real SDK."""

from typing import Any

import stripe

from selftests.stripe_served import Served


def events(vendor: Served) -> list[Any]:
    """Those that were written, oldest first."""
    found = vendor.get("/v1/events?limit=100").json()["data"]
    return [event for event in found[::-1] if not event["id"].startswith("evt_seed")]


def kinds(vendor: Served) -> list[str]:
    """Their types."""
    return [event["type"] for event in events(vendor)]


def customer(vendor: Served, card: str = "pm_card_visa") -> stripe.Customer:
    """One with a default card."""
    v1 = vendor.client().v1
    made = v1.customers.create({"email": "drill@ocean.example", "metadata": {"seatrial": "run"}})
    attached = v1.payment_methods.attach(card, {"customer": made.id})
    return v1.customers.update(made.id, {"invoice_settings": {"default_payment_method": attached.id}})


def subscription(vendor: Served, of: str, **more: Any) -> stripe.Subscription:
    """One of a customer (its id) to the cheaper plan, unless `more` says otherwise."""
    asked: Any = {"customer": of, "items": [{"price": "price_seed_coast"}], **more}
    return vendor.client().v1.subscriptions.create(asked)
