-- Realtime: the publication that projects add tables to, and the messages table that policies are written for.
-- pretends: nothing listens; realtime.send only stores a row.
do $publication$
begin
  if not exists (select from pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
end
$publication$;
alter publication supabase_realtime owner to postgres;

do $types$
begin
  if to_regtype('realtime.action') is null then
    create type realtime.action as enum ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'ERROR');
    create type realtime.equality_op as enum ('eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'in');
    create type realtime.user_defined_filter as (column_name text, op realtime.equality_op, value text);
  end if;
end
$types$;

create table if not exists realtime.messages (
  topic          text not null,
  extension      text not null,
  payload        jsonb,
  event          text,
  private        boolean default false,
  updated_at     timestamp not null default now(),
  inserted_at    timestamp not null default now(),
  id             uuid not null default gen_random_uuid(),
  binary_payload bytea,
  constraint messages_payload_exclusive check (payload is null or binary_payload is null),
  primary key (id, inserted_at)
) partition by range (inserted_at);
alter table realtime.messages add column if not exists binary_payload bytea;
-- pretends: one partition for all days, where the service makes one a day
create table if not exists realtime.messages_default partition of realtime.messages default;
alter table realtime.messages enable row level security;
alter table realtime.messages_default enable row level security;

create table if not exists realtime.subscription (
  id               bigint generated always as identity primary key,
  subscription_id  uuid not null,
  entity           regclass not null,
  filters          realtime.user_defined_filter[] not null default '{}',
  claims           jsonb not null,
  claims_role      text,  -- generated on a project
  created_at       timestamp not null default timezone('utc', now()),
  action_filter    text default '*' check (action_filter in ('*', 'INSERT', 'UPDATE', 'DELETE')),
  selected_columns text[]
);
create table if not exists realtime.schema_migrations (version bigint primary key, inserted_at timestamp);
grant select, insert, update on realtime.messages to anon, authenticated, service_role;
grant select on realtime.subscription to anon, authenticated, service_role;
grant all on realtime.messages, realtime.subscription to postgres, dashboard_user;
revoke all on realtime.schema_migrations from postgres, dashboard_user;

create or replace function realtime.topic() returns text language sql stable as $body$
  select nullif(current_setting('realtime.topic', true), '')
$body$;

-- A message that cannot be stored is a warning, not an error: the statement that caused it goes on.
create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
returns void language plpgsql as $body$
declare
  made uuid := gen_random_uuid();
begin
  perform set_config('realtime.topic', topic, true);
  insert into realtime.messages (id, payload, event, topic, private, extension)
  values (made, jsonb_build_object('id', made) || payload, event, topic, private, 'broadcast');
exception when others then
  raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
end
$body$;
create or replace function realtime.send_binary(payload bytea, event text, topic text, private boolean default true)
returns void language plpgsql as $body$
begin
  perform set_config('realtime.topic', topic, true);
  insert into realtime.messages (binary_payload, event, topic, private, extension)
  values (payload, event, topic, private, 'broadcast');
exception when others then
  raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
end
$body$;

create or replace function realtime.broadcast_changes(
  topic_name text, event_name text, operation text, table_name text, table_schema text,
  new record, old record, level text default 'ROW'
) returns void language plpgsql as $body$
begin
  if level = 'STATEMENT' then
    raise exception 'function can only be triggered for each row, not for each statement';
  end if;
  perform realtime.send(
    jsonb_build_object(
      'operation', operation, 'schema', table_schema, 'table', table_name,
      'record', to_jsonb(new), 'old_record', to_jsonb(old)
    ),
    event_name, topic_name
  );
end
$body$;
comment on function realtime.send(jsonb, text, text, boolean) is 'pretends: the message is stored, and nobody listens';
comment on function realtime.send_binary(bytea, text, text, boolean) is 'pretends: the message is stored, and nobody listens';
comment on function realtime.broadcast_changes(text, text, text, text, text, record, record, text)
  is 'pretends: the message is stored, and nobody listens';

-- All is the service's own, whoever made it.
do $owner$
declare
  made record;
begin
  for made in
    select 'table' as kind, c.oid::regclass::text as name from pg_class c
    where c.relnamespace = 'realtime'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'schema_migrations'
    union all
    select 'type', t.oid::regtype::text from pg_type t
    where t.typnamespace = 'realtime'::regnamespace
      and (t.typtype = 'e' or exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))
    union all
    select 'function', p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'realtime'::regnamespace
  loop
    execute format('alter %s %s owner to supabase_realtime_admin', made.kind, made.name);
  end loop;
end
$owner$;
