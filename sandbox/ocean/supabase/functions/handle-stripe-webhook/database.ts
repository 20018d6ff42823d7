// The project's database, as the service: only the webhook writes these tables.
import { createClient } from "npm:@supabase/supabase-js@2.119.1";

export const database = createClient(
  Deno.env.get("SUPABASE_URL")!,
  Deno.env.get("SUPABASE_SECRET_KEY")!,
  { auth: { persistSession: false, autoRefreshToken: false } },
);

// What PostgREST answered, or an exception: the event is then delivered again.
export function demand<T>(answer: { data: T; error: { message: string } | null }): T {
  if (answer.error) throw new Error(answer.error.message);
  return answer.data;
}
