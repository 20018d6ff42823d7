-- Database webhooks: triggers that call supabase_functions.http_request(url, method, headers, params, timeout).
-- pretends: nothing is sent; each call leaves a row in supabase_functions.hooks.
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

create or replace function supabase_functions.http_request() returns trigger
language plpgsql security definer set search_path = supabase_functions as $body$
begin
  if coalesce(tg_argv[0], 'null') = 'null' then
    raise exception 'a database webhook needs a url as its first argument';
  end if;
  if coalesce(tg_argv[1], 'null') = 'null' then
    raise exception 'a database webhook needs a method as its second argument';
  end if;
  insert into hooks (hook_table_id, hook_name) values (tg_relid, tg_name);
  return coalesce(new, old);
end
$body$;

grant all on all tables in schema supabase_functions to postgres, service_role;
grant all on all sequences in schema supabase_functions to postgres, service_role;
