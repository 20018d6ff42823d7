-- Database webhooks: triggers that call supabase_functions.http_request(url, method, headers, params, timeout).
-- pretends: nothing is sent; each call leaves a row in supabase_functions.hooks and one in pg_net's queue.
create table if not exists supabase_functions.migrations (
  version text primary key, inserted_at timestamptz not null default now()
);
create table if not exists supabase_functions.hooks (
  id            bigserial primary key,
  hook_table_id integer not null,
  hook_name     text not null,
  created_at    timestamptz not null default now(),
  request_id    bigint
);
create index if not exists supabase_functions_hooks_request_id_idx on supabase_functions.hooks (request_id);
create index if not exists supabase_functions_hooks_h_table_id_h_name_idx
  on supabase_functions.hooks (hook_table_id, hook_name);

create or replace function supabase_functions.http_request() returns trigger
language plpgsql security definer set search_path = supabase_functions as $body$
declare
  url     text := nullif(tg_argv[0], 'null');
  method  text := nullif(tg_argv[1], 'null');
  headers jsonb := coalesce(nullif(tg_argv[2], 'null')::jsonb, '{"Content-Type": "application/json"}');
  params  jsonb := coalesce(nullif(tg_argv[3], 'null')::jsonb, '{}');
  timeout integer := coalesce(nullif(tg_argv[4], 'null')::integer, 1000);  -- milliseconds
  request bigint;
begin
  if url is null then
    raise exception 'url argument is missing';
  elsif method is null then
    raise exception 'method argument is missing';
  elsif method = 'GET' then
    request := net.http_get(url, params, headers, timeout);
  elsif method = 'POST' then
    request := net.http_post(
      url,
      jsonb_build_object(
        'type', tg_op, 'schema', tg_table_schema, 'table', tg_table_name, 'record', new, 'old_record', old
      ),
      params, headers, timeout
    );
  else
    raise exception 'method argument % is invalid', method;
  end if;
  insert into hooks (hook_table_id, hook_name, request_id) values (tg_relid, tg_name, request);
  return new;
end
$body$;
comment on function supabase_functions.http_request() is 'pretends: the request is queued and never sent';

alter table supabase_functions.migrations owner to supabase_functions_admin;
alter table supabase_functions.hooks owner to supabase_functions_admin;
alter function supabase_functions.http_request() owner to supabase_functions_admin;
revoke all on function supabase_functions.http_request() from public;
grant execute on function supabase_functions.http_request() to postgres, anon, authenticated, service_role;
grant all on all tables in schema supabase_functions to postgres, anon, authenticated, service_role;
grant all on all sequences in schema supabase_functions to postgres, anon, authenticated, service_role;
