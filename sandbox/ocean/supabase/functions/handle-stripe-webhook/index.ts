// Receives Stripe's events: checks the signature, stores each event, and has it carried out once.
import Stripe from "npm:stripe@23.1.0";
import { handle } from "./events.ts";

const TOLERANCE_SECONDS = 300;
const LONGEST_BODY = 256 * 1024; // Stripe says no limit; its events have a few KiB

const stripe = new Stripe(Deno.env.get("STRIPE_SECRET_KEY")!, { apiVersion: "2026-10-28.endive" });
const crypto = Stripe.createSubtleCryptoProvider();

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

// null when it is too long; the rest is not read.
async function bodyOf(request: Request): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of request.body ?? []) {
    length += piece.length;
    if (length > LONGEST_BODY) return null;
    pieces.push(piece);
  }
  return await new Blob(pieces as BlobPart[]).text();
}

function answer(status: number, body: unknown): Response {
  return Response.json(body, { status });
}

Deno.serve(async (request) => {
  if (request.method !== "POST") return answer(405, { error: "only POST" });
  if (secrets.length === 0) return answer(500, { error: "no webhook secret is configured" });

  const header = request.headers.get("stripe-signature");
  if (!header) return answer(400, { error: "no Stripe-Signature header" });
  const body = await bodyOf(request);
  if (body === null) return answer(413, { error: "the body is too large" });

  let event: Stripe.Event | null;
  try {
    event = await verified(body, header);
  } catch (error) {
    // Signed, but no JSON, or an event of the other kind: a thin one, which says only what changed.
    return answer(400, { error: error instanceof Error ? error.message : "not an event" });
  }
  if (!event) return answer(400, { error: "the signature does not match" });
  if (event.object !== "event") return answer(400, { error: "a thin event, and this endpoint is for snapshot events" });

  // Anything but 2xx makes Stripe deliver again.
  const problem = await handle(event);
  return problem ? answer(500, { error: problem }) : answer(200, { received: true });
});
