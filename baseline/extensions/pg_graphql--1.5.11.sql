-- pretends: every query resolves to null, with an error that says why.
create function @extschema@.resolve(
  query text, variables jsonb default '{}', "operationName" text default null, extensions jsonb default null
) returns jsonb language sql stable as $body$
  select jsonb_build_object(
    'data', null, 'errors', jsonb_build_array(jsonb_build_object('message', 'this pg_graphql is a stand-in'))
  )
$body$;
create function @extschema@.get_schema_version() returns integer language sql stable as $body$ select 1 $body$;
create function @extschema@.comment_directive(comment_ text) returns jsonb language sql immutable as $body$ select '{}'::jsonb $body$;
comment on function @extschema@.resolve(text, jsonb, text, jsonb) is 'pretends: every query resolves to null';
grant usage on schema @extschema@ to postgres, anon, authenticated, service_role;
