-- Extensions that a project has from its first day. What the server brings is real; ../extensions has SQL stand-ins for
-- the rest. An extension that the server has neither way is left out, and whatever needs it will say so.
do $extensions$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('uuid-ossp',          'extensions'),
      ('pgcrypto',           'extensions'),
      ('pg_stat_statements', 'extensions'),
      ('pg_net',             'extensions'),
      ('supabase_vault',     'vault'),
      ('pg_graphql',         'graphql')
    ) as extension (name, home)
    where exists (select from pg_available_extensions available where available.name = extension.name)
  loop
    execute format('create extension if not exists %I with schema %I', wanted.name, wanted.home);
  end loop;
end
$extensions$;
grant execute on all functions in schema extensions to postgres, anon, authenticated, service_role;

-- The GraphQL endpoint of the API calls this. pretends: resolves nothing and says so.
create or replace function graphql_public.graphql(
  "operationName" text default null, query text default null, variables jsonb default null, extensions jsonb default null
) returns jsonb language sql stable as $body$
  select jsonb_build_object(
    'data', null,
    'errors', jsonb_build_array(jsonb_build_object('message', 'pg_graphql is not available on this server'))
  )
$body$;
grant execute on function graphql_public.graphql (text, text, jsonb, jsonb) to postgres, anon, authenticated, service_role;
