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
grant all on all tables in schema extensions to postgres with grant option;
grant all on all routines in schema extensions to postgres with grant option;
grant execute on all functions in schema extensions to anon, authenticated, service_role;

do $graphql$
begin
  if exists (select from pg_extension where extname = 'pg_graphql') then
    grant select on all tables in schema graphql to postgres, anon, authenticated, service_role;
    grant execute on all functions in schema graphql to postgres, anon, authenticated, service_role;
  end if;
end
$graphql$;

-- The GraphQL endpoint of the API calls this. Whatever is here already stays.
do $endpoint$
begin
  if to_regprocedure('graphql_public.graphql(text, text, jsonb, jsonb)') is null then
    create function graphql_public.graphql(
      "operationName" text default null, query text default null, variables jsonb default null, extensions jsonb default null
    ) returns jsonb language sql stable as $body$
      select jsonb_build_object(
        'data', null,
        'errors', jsonb_build_array(jsonb_build_object('message', 'pg_graphql is not available on this server'))
      )
    $body$;
    comment on function graphql_public.graphql(text, text, jsonb, jsonb) is 'pretends: resolves nothing and says so';
  end if;
end
$endpoint$;
grant execute on function graphql_public.graphql (text, text, jsonb, jsonb) to postgres, anon, authenticated, service_role;
