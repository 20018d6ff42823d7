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
  topic       text not null,
  extension   text not null,
  payload     jsonb,
  event       text,
  private     boolean default false,
  updated_at  timestamp not null default now(),
  inserted_at timestamp not null default now(),
  id          uuid not null default gen_random_uuid(),
  primary key (id, inserted_at)
) partition by range (inserted_at);
-- pretends: one partition for all days, where the service makes one a day
create table if not exists realtime.messages_default partition of realtime.messages default;
alter table realtime.messages enable row level security;
alter table realtime.messages_default enable row level security;
alter table realtime.messages owner to supabase_realtime_admin;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;
grant all on realtime.messages to postgres, dashboard_user;

create table if not exists realtime.subscription (
  id              bigint generated always as identity primary key,
  subscription_id uuid not null,
  entity          regclass not null,
  filters         realtime.user_defined_filter[] not null default '{}',
  claims          jsonb not null,
  claims_role     text,  -- generated on a project
  created_at      timestamp not null default timezone('utc', now())
);
create table if not exists realtime.schema_migrations (version bigint primary key, inserted_at timestamp);
grant all on realtime.subscription, realtime.schema_migrations to postgres, dashboard_user;

create or replace function realtime.topic() returns text language sql stable as $body$
  select nullif(current_setting('realtime.topic', true), '')
$body$;

create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
returns void language sql as $body$
  insert into realtime.messages (payload, event, topic, private, extension) values ($1, $2, $3, $4, 'broadcast')
$body$;

create or replace function realtime.broadcast_changes(
  topic_name text, event_name text, operation text, table_name text, table_schema text,
  new record, old record, level text default 'ROW'
) returns void language plpgsql as $body$
begin
  perform realtime.send(
    jsonb_build_object(
      'operation', operation, 'schema', table_schema, 'table', table_name,
      'record', to_jsonb(new), 'old_record', to_jsonb(old)
    ),
    event_name, topic_name
  );
end
$body$;
grant supabase_realtime_admin to postgres with inherit true, set true;
