"""Restricted keys: which permission each call needs, as Stripe names it in the dashboard and in its errors.

`plan_read` ("Prices Read"), `customer_read`, `subscription_read`, `payment_method_read` and `accounts_kyc_…` have been
seen in Stripe's answers; the other names in what others write about their keys. Names in the dashboard are ours, but
for prices.
"""

from typing import Final

OF_KINDS: Final = {
    "account": ("Account Basic Information", "accounts_kyc_basic"), "balance": ("Balance", "balance"),
    "customers": ("Customers", "customer"), "events": ("Events", "event"),
    "invoiceitems": ("Invoice items", "invoice_item"), "invoices": ("Invoices", "invoice"),
    "payment_methods": ("PaymentMethods", "payment_method"),
    "prices": ("Prices", "plan"), "products": ("Products", "product"),
    "subscription_items": ("Subscriptions", "subscription"), "subscriptions": ("Subscriptions", "subscription"),
    "test_helpers": ("Test clocks", "test_clock"),
    "webhook_endpoints": ("Webhook Endpoints", "webhook"),
}  # fmt: skip
"""First part of a path -> the permission's name in the dashboard, and its own; "Read" or "Write" come after."""
GRANTED: Final = (
    "balance_read", "customer_read", "event_read", "invoice_read", "payment_method_read", "plan_read", "product_read",
    "subscription_read", "webhook_read",
)  # fmt: skip
"""What the suite asks for."""


def needed(method: str, path: str) -> tuple[str, str]:
    """The permission for a call: ("Prices Read", "plan_read"); the path is `/v1/…`."""
    parts = path.split("/")[2:]
    kind = "payment_methods" if "payment_methods" in parts else parts[0] if parts else ""
    shown, name = OF_KINDS.get(kind, ("All", "all"))
    way = "read" if method in ("GET", "HEAD") else "write"
    return f"{shown} {way.title()}", f"{name}_{way}"
