// An event is stored once, carried out, and only then counts as processed: one whose handling failed stays
// unprocessed, so that Stripe's next delivery of it is carried out and not ignored.
import type Stripe from "npm:stripe@23.1.0";
import { database, demand } from "./database.ts";
import { carryOut } from "./effects.ts";

// What went wrong, in words; null when the event is carried out, now or before.
export async function handle(event: Stripe.Event): Promise<string | null> {
  let attempts = 0;
  try {
    await store(event);
    const known = await stored(event.id);
    if (known.processed_at) return null;
    attempts = known.attempts + 1;
    await carryOut(event);
    await finish(event.id, { processed_at: new Date().toISOString(), attempts, last_error: null });
    return null;
  } catch (error) {
    console.error(`${event.type} ${event.id}:`, error);
    const said = error instanceof Error ? error.message : String(error);
    await finish(event.id, { attempts, last_error: said.slice(0, 500) }).catch(console.error);
    return "the event could not be carried out";
  }
}

async function store(event: Stripe.Event): Promise<void> {
  demand(
    await database.from("webhook_events").upsert(
      {
        id: event.id,
        type: event.type,
        livemode: event.livemode,
        payload: event,
        created_at: new Date(event.created * 1000).toISOString(),
      },
      { onConflict: "id", ignoreDuplicates: true },
    ),
  );
}

async function stored(id: string): Promise<{ processed_at: string | null; attempts: number }> {
  return demand(await database.from("webhook_events").select("processed_at, attempts").eq("id", id).single())!;
}

async function finish(
  id: string,
  outcome: { processed_at?: string; attempts: number; last_error: string | null },
): Promise<void> {
  demand(await database.from("webhook_events").update(outcome).eq("id", id));
}
