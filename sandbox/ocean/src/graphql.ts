// Asks Ocean's own GraphQL API. The publishable key says which project this is; it opens nothing by itself.
const key: string = import.meta.env.VITE_SUPABASE_PUBLISHABLE_KEY;

export async function ask<T>(query: string, accessToken?: string): Promise<T> {
  const headers: Record<string, string> = { "content-type": "application/json", apikey: key };
  if (accessToken) headers.authorization = `Bearer ${accessToken}`;
  const reply = await fetch("/api/graphql", { method: "POST", headers, body: JSON.stringify({ query }) });
  const { data, errors } = await reply.json();
  if (errors) throw new Error(errors[0].message);
  return data as T;
}
