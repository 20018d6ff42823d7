// The GraphQL API: two questions, each asked of the database as the caller.
import { createClient } from "npm:@supabase/supabase-js@2";
import { buildSchema, graphql, NoSchemaIntrospectionCustomRule, parse, validate } from "npm:graphql@16";

const schema = buildSchema(`
  type Query {
    system_status: SystemStatus!
    my_organizations: [Organization!]!
  }
  type SystemStatus { healthy: Boolean!, checked_at: String! }
  type Organization { id: ID!, name: String!, slug: String!, role: String!, plan_id: String, subscription_status: String }
`);

function asCaller(request: Request) {
  return createClient(Deno.env.get("SUPABASE_URL")!, Deno.env.get("SUPABASE_PUBLISHABLE_KEY")!, {
    global: { headers: { Authorization: request.headers.get("authorization") ?? "" } },
  });
}

async function rpc(database: ReturnType<typeof asCaller>, name: string) {
  const { data, error } = await database.rpc(name);
  if (error) throw new Error(error.message);
  return data;
}

Deno.serve(async (request) => {
  if (request.method !== "POST") return Response.json({ errors: [{ message: "only POST" }] }, { status: 405 });
  const { query, variables, operationName } = await request.json();

  const document = parse(query);
  const errors = validate(schema, document, [NoSchemaIntrospectionCustomRule]);
  if (errors.length > 0) return Response.json({ errors }, { status: 400 });

  const database = asCaller(request);
  const rootValue = {
    system_status: async () => (await rpc(database, "system_status"))[0],
    my_organizations: () => rpc(database, "my_organizations"),
  };
  return Response.json(await graphql({ schema, source: query, rootValue, variableValues: variables, operationName }));
});
