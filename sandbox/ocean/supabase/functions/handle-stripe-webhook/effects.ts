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
      return await changeSubscription(event, event.data.object);
    case "invoice.paid":
    case "invoice.payment_failed":
      return await changeInvoice(event.data.object);
  }
}

const SERVED = ["trialing", "active", "past_due"];

async function changeSubscription(event: Stripe.Event, said: Stripe.Subscription): Promise<void> {
  const organization = await organizationOf(said.metadata, idOf(said.customer)!);
  const item = said.items.data[0];
  const row = {
    plan_id: await planOf(item.price.id, organization),
    status: said.status,
    stripe_customer_id: idOf(said.customer),
    stripe_subscription_id: said.id,
    current_period_end: time(item.current_period_end),
    cancel_at_period_end: said.cancel_at_period_end,
    stripe_updated_at: time(event.created),
  };
  const update = async () => {
    let change = database.from("subscriptions").update(row).eq("organization_id", organization).or(olderThan(event));
    // An organization has one row: another subscription takes it over when it is served.
    if (!SERVED.includes(said.status)) {
      const unserved = SERVED.map((status) => `status.neq.${status}`).join(",");
      change = change.or(`stripe_subscription_id.eq.${said.id},and(${unserved})`);
    }
    return demand(await change.select("id"))!.length > 0;
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

// Stripe's times are whole seconds, and a subscription is often made and updated within one. Then `created` never
// overwrites, what has ended stays ended, and an update follows only what it says that it changed.
function olderThan(event: Stripe.Event): string {
  const created = time(event.created)!;
  const older = `stripe_updated_at.is.null,stripe_updated_at.lt.${created}`;
  if (event.type.endsWith(".created")) return older;
  if (event.type.endsWith(".deleted")) return `${older},stripe_updated_at.eq.${created}`;
  const before = (event.data.previous_attributes as { status?: string } | undefined)?.status;
  const follows = before ? `status.eq.${before}` : "status.neq.canceled";
  return `${older},and(stripe_updated_at.eq.${created},${follows})`;
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

// The plan with this price; an organization whose price is sold no more keeps its plan.
async function planOf(price: string, organization: string): Promise<string> {
  const plan = demand(await database.from("plans").select("id").eq("stripe_price_id", price).maybeSingle());
  if (plan) return plan.id;
  const kept = demand(
    await database.from("subscriptions").select("plan_id").eq("organization_id", organization).maybeSingle(),
  );
  if (!kept) throw new Error(`no plan has the price ${price}`);
  return kept.plan_id;
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
