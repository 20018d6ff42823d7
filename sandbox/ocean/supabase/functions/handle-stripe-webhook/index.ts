// Receives Stripe's events: checks the signature, stores each event once, and lets the database do the rest.
import Stripe from "npm:stripe@22";
import { createClient } from "npm:@supabase/supabase-js@2";

const TOLERANCE_SECONDS = 300;

const stripe = new Stripe(Deno.env.get("STRIPE_SECRET_KEY")!);
const crypto = Stripe.createSubtleCryptoProvider();
const database = createClient(
  Deno.env.get("SUPABASE_URL")!,
  Deno.env.get("SUPABASE_SECRET_KEY")!,
);

// While a secret is being rolled, Stripe signs with both for up to 24 hours.
const secrets = [
  Deno.env.get("STRIPE_WEBHOOK_SECRET"),
  Deno.env.get("STRIPE_WEBHOOK_SECRET_PREVIOUS"),
].filter((secret): secret is string => Boolean(secret));

// The SDK refuses what is too old, not what comes from the future.
function isFromTheFuture(header: string): boolean {
  const timestamp = Number(/(?:^|,)t=(\d+)/.exec(header)?.[1]);
  return timestamp > Date.now() / 1000 + TOLERANCE_SECONDS;
}

async function verified(body: string, header: string): Promise<Stripe.Event | null> {
  if (isFromTheFuture(header)) return null;
  for (const secret of secrets) {
    try {
      return await stripe.webhooks.constructEventAsync(body, header, secret, TOLERANCE_SECONDS, crypto);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
    }
  }
  return null;
}

function answer(status: number, body: unknown): Response {
  return Response.json(body, { status });
}

Deno.serve(async (request) => {
  if (request.method !== "POST") return answer(405, { error: "only POST" });
  if (secrets.length === 0) return answer(500, { error: "no webhook secret is configured" });

  const header = request.headers.get("stripe-signature");
  if (!header) return answer(400, { error: "no Stripe-Signature header" });

  const event = await verified(await request.text(), header);
  if (!event) return answer(400, { error: "the signature does not match" });

  const { error } = await database.from("webhook_events").upsert(
    {
      id: event.id,
      type: event.type,
      livemode: event.livemode,
      payload: event,
      created_at: new Date(event.created * 1000).toISOString(),
    },
    { onConflict: "id", ignoreDuplicates: true },
  );
  // Anything but 2xx makes Stripe deliver again.
  if (error) return answer(500, { error: "the event was not stored" });
  return answer(200, { received: true });
});
