// What each type of Stripe's events changes here. Deliveries come in any order, so the row of a subscription remembers
// when Stripe made the event that it was written from, and an older one changes nothing.
//
// Every write is one statement that also asks whether it may: deliveries at the same time need no lock.
import type Stripe from "npm:stripe@23.1.0";
import { database, demand } from "./database.ts";

export async function carryOut(event: Stripe.Event): Promise<void> {
  switch (event.type) {
    case "customer.subscription.created":
    case "customer.subscription.updated":
    case "customer.subscription.deleted":
      return await changeSubscription(event.type, event.created, event.data.object);
    case "invoice.paid":
    case "invoice.payment_failed":
      return await changeInvoice(event.data.object);
  }
}

async function changeSubscription(type: string, created: number, said: Stripe.Subscription): Promise<void> {
  const organization = await organizationOf(said.metadata, idOf(said.customer)!);
  const item = said.items.data[0];
  const row = {
    plan_id: await planOf(item.price.id),
    status: said.status,
    stripe_customer_id: idOf(said.customer),
    stripe_subscription_id: said.id,
    current_period_end: time(item.current_period_end),
    cancel_at_period_end: said.cancel_at_period_end,
    stripe_updated_at: time(created),
  };
  const update = async () => {
    let change = database.from("subscriptions").update(row).eq("organization_id", organization);
    // An organization has one row: another subscription's end does not end the one it has.
    if (type.endsWith(".deleted")) change = change.eq("stripe_subscription_id", said.id);
    return demand(await change.or(olderThan(type, time(created)!)).select("id"))!.length > 0;
  };
  if (await update()) return;
  const made = demand(
    await database.from("subscriptions").upsert(
      { organization_id: organization, ...row },
      { onConflict: "organization_id", ignoreDuplicates: true },
    ).select("id"),
  );
  // The row that is there is newer; or another event has just made it, and this one may be newer.
  if (made!.length === 0) await update();
}

// Stripe's times are whole seconds, and a subscription is often made and updated within one. Then the type decides:
// `created` never overwrites, what has ended stays ended, and of two updates the one that comes last counts.
function olderThan(type: string, created: string): string {
  const older = `stripe_updated_at.is.null,stripe_updated_at.lt.${created}`;
  if (type.endsWith(".created")) return older;
  if (type.endsWith(".deleted")) return `${older},stripe_updated_at.eq.${created}`;
  return `${older},and(stripe_updated_at.eq.${created},status.neq.canceled)`;
}

async function changeInvoice(said: Stripe.Invoice): Promise<void> {
  const about = said.parent?.subscription_details;
  const organization = await organizationOf(about?.metadata, idOf(said.customer)!);
  const row = {
    amount_due_cents: said.amount_due,
    amount_paid_cents: said.amount_paid,
    status: said.status,
    paid_at: time(said.status_transitions?.paid_at),
  };
  // A paid invoice stays paid, whatever was tried before.
  const changed = demand(
    await database.from("invoices").update(row).eq("stripe_invoice_id", said.id!).neq("status", "paid").select("id"),
  );
  if (changed!.length > 0) return;
  const first = {
    organization_id: organization,
    subscription_id: await subscriptionOf(idOf(about?.subscription)),
    stripe_invoice_id: said.id,
    currency: said.currency,
    issued_at: time(said.created),
    ...row,
  };
  demand(await database.from("invoices").upsert(first, { onConflict: "stripe_invoice_id", ignoreDuplicates: true }));
}

// As the subscription's metadata say, or as the customer is known.
async function organizationOf(metadata: Stripe.Metadata | null | undefined, customer: string): Promise<string> {
  if (metadata?.organization_id) return metadata.organization_id;
  const known = demand(
    await database.from("subscriptions").select("organization_id").eq("stripe_customer_id", customer).maybeSingle(),
  );
  if (!known) throw new Error(`no organization has the customer ${customer}`);
  return known.organization_id;
}

async function planOf(price: string): Promise<string> {
  const plan = demand(await database.from("plans").select("id").eq("stripe_price_id", price).maybeSingle());
  if (!plan) throw new Error(`no plan has the price ${price}`);
  return plan.id;
}

async function subscriptionOf(subscription: string | null): Promise<string | null> {
  if (!subscription) return null;
  const found = demand(
    await database.from("subscriptions").select("id").eq("stripe_subscription_id", subscription).maybeSingle(),
  );
  return found?.id ?? null;
}

function idOf(reference: string | { id: string } | null | undefined): string | null {
  return typeof reference === "string" ? reference : reference?.id ?? null;
}

function time(seconds: number | null | undefined): string | null {
  return seconds ? new Date(seconds * 1000).toISOString() : null;
}
