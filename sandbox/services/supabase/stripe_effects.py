"""What each type of Stripe's events changes in Ocean's tables; the same as the Edge Function's `effects.ts`.

Deliveries come in any order, so the row of a subscription remembers when Stripe made the event that it was written
from, and an older one changes nothing. Stripe's times are whole seconds, and a subscription is often made and updated
within one. Then `created` never overwrites, what has ended stays ended, and an update follows only what it says that
it changed (`previous_attributes`). An organization has one row: another subscription takes it over when it is served.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sandbox.services.database import Connection

Order = Literal["created", "arrival", "received", "second", "strict"]
"""How an event is found to be older: by Stripe's time, and by its type within a second; not at all; by the time of
receipt; by Stripe's time alone, where the last or the first of a second counts."""
Event = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Habits:
    """How events are carried out. The defaults are right; each field is one mistake that real handlers make."""

    order: Order = "created"  # what decides which of two events is newer
    done_when: Literal["processed", "stored", "never"] = "processed"  # when a repeated event is nothing new
    inserts: bool = False  # rows are inserted, and never looked for
    ends_any: bool = False  # a subscription's end is written to the organization, whichever subscription it has now
    locks: bool = True  # False: looks first and writes later, and two deliveries at once get in each other's way
    swallows: bool = False  # a failure is logged and answered with 200
    knows_all_types: bool = True  # False: a type that has no branch is an error


_OLDER: Final[dict[Order, str]] = {
    "created": (
        "(s.stripe_updated_at is null or s.stripe_updated_at < to_timestamp(%(at)s)"
        " or (s.stripe_updated_at = to_timestamp(%(at)s) and not %(begins)s and (s.status <> 'canceled' or %(over)s)"
        " and s.status::text = coalesce(%(was)s, s.status::text)))"
    ),
    "arrival": "true",
    "received": "(s.stripe_updated_at is null or s.stripe_updated_at <= now())",
    "second": "(s.stripe_updated_at is null or s.stripe_updated_at <= to_timestamp(%(at)s))",
    "strict": "(s.stripe_updated_at is null or s.stripe_updated_at < to_timestamp(%(at)s))",
}
_UPDATE: Final = """
update public.subscriptions s
   set plan_id = %(plan)s, status = %(status)s::public.subscription_status, stripe_customer_id = %(customer)s,
       stripe_subscription_id = %(subscription)s, current_period_end = to_timestamp(%(ends)s),
       cancel_at_period_end = %(cancels)s, stripe_updated_at = {moment}
 where s.organization_id = %(organization)s and ({whose}) and {older}
"""
SERVED: Final = ("trialing", "active", "past_due")
_WHOSE: Final = (
    "s.stripe_subscription_id = %(subscription)s or %(status)s = any(%(served)s) or s.status::text <> all(%(served)s)"
)
_INSERT: Final = """
insert into public.subscriptions (organization_id, plan_id, status, stripe_customer_id, stripe_subscription_id,
                                  current_period_end, cancel_at_period_end, stripe_updated_at)
values (%(organization)s, %(plan)s, %(status)s::public.subscription_status, %(customer)s, %(subscription)s,
        to_timestamp(%(ends)s), %(cancels)s, {moment})
"""
_INVOICE_UPDATE: Final = """
update public.invoices i
   set amount_due_cents = %(due)s, amount_paid_cents = %(paid)s, status = %(status)s,
       paid_at = to_timestamp(%(paid_at)s)
 where i.stripe_invoice_id = %(id)s and {unpaid}
"""
_UNPAID: Final = "i.status <> 'paid'"
_INVOICE_INSERT: Final = """
insert into public.invoices (organization_id, subscription_id, stripe_invoice_id, amount_due_cents, amount_paid_cents,
                             currency, status, issued_at, paid_at)
values (%(organization)s, (select id from public.subscriptions where stripe_subscription_id = %(subscription)s), %(id)s,
        %(due)s, %(paid)s, %(currency)s, %(status)s, to_timestamp(%(issued)s), to_timestamp(%(paid_at)s))
"""


class Failed(Exception):
    """The event cannot be carried out now. Perhaps later: Stripe delivers it again."""


async def change_subscription(connection: Connection, event: Event, habits: Habits) -> None:
    """customer.subscription.created, .updated, .deleted. Raises Failed, psycopg.Error."""
    said = event["data"]["object"]
    item = said["items"]["data"][0]
    organization = await _organization(connection, said.get("metadata"), said["customer"])
    row = {
        "organization": organization,
        "plan": await _plan(connection, item["price"]["id"], organization),
        "status": said["status"],
        "customer": said["customer"],
        "subscription": said["id"],
        "ends": item["current_period_end"],
        "cancels": said["cancel_at_period_end"],
        "at": event["created"],
        "begins": event["type"] == "customer.subscription.created",
        "over": event["type"] == "customer.subscription.deleted",
        "was": (event["data"].get("previous_attributes") or {}).get("status"),
        "served": [*SERVED],
    }
    moment = "now()" if habits.order == "received" else "to_timestamp(%(at)s)"
    whose = "true" if habits.ends_any else _WHOSE
    update = _UPDATE.format(moment=moment, whose=whose, older=_OLDER[habits.order]).encode()
    insert = _INSERT.format(moment=moment)
    if habits.inserts:
        await connection.execute(insert.encode(), row)
    elif not (await connection.execute(update, row)).rowcount:
        made = await connection.execute(f"{insert} on conflict (organization_id) do nothing".encode(), row)
        if not made.rowcount:  # it is newer; or another event has just made it, and this one may be newer
            await connection.execute(update, row)


async def change_invoice(connection: Connection, event: Event, habits: Habits) -> None:
    """invoice.paid, invoice.payment_failed; a paid one stays paid. Raises Failed, psycopg.Error."""
    said = event["data"]["object"]
    about = (said.get("parent") or {}).get("subscription_details") or {}
    row = {
        "organization": await _organization(connection, about.get("metadata"), said["customer"]),
        "subscription": about.get("subscription"),
        "id": said["id"],
        "due": said["amount_due"],
        "paid": said["amount_paid"],
        "currency": said["currency"],
        "status": said["status"],
        "issued": said["created"],
        "paid_at": (said.get("status_transitions") or {}).get("paid_at"),
    }
    unpaid = "true" if habits.order == "arrival" else _UNPAID
    if habits.inserts:
        await connection.execute(_INVOICE_INSERT.encode(), row)
    elif not (await connection.execute(_INVOICE_UPDATE.format(unpaid=unpaid).encode(), row)).rowcount:
        await connection.execute(f"{_INVOICE_INSERT} on conflict (stripe_invoice_id) do nothing".encode(), row)


async def _organization(connection: Connection, metadata: Mapping[str, Any] | None, customer: str) -> str:
    """As the subscription's metadata say, or as the customer is known."""
    named = (metadata or {}).get("organization_id")
    if named:
        return str(named)
    query = "select organization_id from public.subscriptions where stripe_customer_id = %s"
    row = await (await connection.execute(query.encode(), (customer,))).fetchone()
    if row is None:
        raise Failed(f"no organization has the customer {customer}")
    return str(row[0])


async def _plan(connection: Connection, price: str, organization: str) -> str:
    """The plan with this price; an organization whose price is sold no more keeps its plan."""
    query = """
    select id from public.plans where stripe_price_id = %s
    union all select plan_id from public.subscriptions where organization_id = %s limit 1
    """
    row = await (await connection.execute(query.encode(), (price, organization))).fetchone()
    if row is None:
        raise Failed(f"no plan has the price {price}")
    return str(row[0])


Effect = Callable[[Connection, Event, Habits], Awaitable[None]]
EFFECTS: Final[Mapping[str, Effect]] = {
    "customer.subscription.created": change_subscription,
    "customer.subscription.updated": change_subscription,
    "customer.subscription.deleted": change_subscription,
    "invoice.paid": change_invoice,
    "invoice.payment_failed": change_invoice,
}
