-- Schema auth, part one: people. Column names, types, nullability and defaults are those of the authentication server
-- (supabase/auth); the server itself is not here, so nothing sends e-mail or expires anything.
set role supabase_auth_admin;

-- Supabase's own image holds auth.users as the authentication server first made it in 2018, and the server then brings it
-- up to date. Here the same is done at once: two columns got other names, one unique rule became a partial one.
do $upgrade$
declare
  columns text[] := array(select attname from pg_attribute where attrelid = to_regclass('auth.users') and attnum > 0);
begin
  if 'confirmed_at' = any (columns) and not 'email_confirmed_at' = any (columns) then
    alter table auth.users rename column confirmed_at to email_confirmed_at;
  end if;
  if 'email_change_token' = any (columns) and not 'email_change_token_new' = any (columns) then
    alter table auth.users rename column email_change_token to email_change_token_new;
  end if;
  alter table if exists auth.users drop constraint if exists users_email_key;
end
$upgrade$;

create table if not exists auth.users (
  instance_id                 uuid,
  id                          uuid primary key,
  aud                         varchar(255),
  role                        varchar(255),
  email                       varchar(255),
  encrypted_password          varchar(255),
  email_confirmed_at          timestamptz,
  invited_at                  timestamptz,
  confirmation_token          varchar(255),
  confirmation_sent_at        timestamptz,
  recovery_token              varchar(255),
  recovery_sent_at            timestamptz,
  email_change_token_new      varchar(255),
  email_change                varchar(255),
  email_change_sent_at        timestamptz,
  last_sign_in_at             timestamptz,
  raw_app_meta_data           jsonb,
  raw_user_meta_data          jsonb,
  is_super_admin              boolean,
  created_at                  timestamptz,
  updated_at                  timestamptz,
  phone                       text default null::varchar constraint users_phone_key unique,
  phone_confirmed_at          timestamptz,
  phone_change                text default ''::varchar,
  phone_change_token          varchar(255) default '',
  phone_change_sent_at        timestamptz,
  confirmed_at                timestamptz generated always as (least(email_confirmed_at, phone_confirmed_at)) stored,
  email_change_token_current  varchar(255) default '',
  email_change_confirm_status smallint default 0
    constraint users_email_change_confirm_status_check check (email_change_confirm_status between 0 and 2),
  banned_until                timestamptz,
  reauthentication_token      varchar(255) default '',
  reauthentication_sent_at    timestamptz,
  is_sso_user                 boolean not null default false,
  deleted_at                  timestamptz,
  is_anonymous                boolean not null default false
);
alter table auth.users
  add column if not exists phone                       text default null::varchar constraint users_phone_key unique,
  add column if not exists phone_confirmed_at          timestamptz,
  add column if not exists phone_change                text default ''::varchar,
  add column if not exists phone_change_token          varchar(255) default '',
  add column if not exists phone_change_sent_at        timestamptz,
  add column if not exists email_change_token_current  varchar(255) default '',
  add column if not exists email_change_confirm_status smallint default 0
    constraint users_email_change_confirm_status_check check (email_change_confirm_status between 0 and 2),
  add column if not exists banned_until                timestamptz,
  add column if not exists reauthentication_token      varchar(255) default '',
  add column if not exists reauthentication_sent_at    timestamptz,
  add column if not exists is_sso_user                 boolean not null default false,
  add column if not exists deleted_at                  timestamptz,
  add column if not exists is_anonymous                boolean not null default false;
alter table auth.users
  add column if not exists confirmed_at timestamptz
    generated always as (least(email_confirmed_at, phone_confirmed_at)) stored;

-- A person may exist twice with one address, once with a password and once through single sign-on.
create unique index if not exists users_email_partial_key on auth.users (email) where (is_sso_user = false);
create index if not exists users_instance_id_idx on auth.users (instance_id);
create index if not exists users_instance_id_email_idx on auth.users (instance_id, lower(email::text));
create index if not exists users_is_anonymous_idx on auth.users (is_anonymous);
-- each token is one person's; digits only is a code that several may have
create unique index if not exists confirmation_token_idx on auth.users (confirmation_token)
  where confirmation_token !~ '^[0-9 ]*$';
create unique index if not exists recovery_token_idx on auth.users (recovery_token) where recovery_token !~ '^[0-9 ]*$';
create unique index if not exists email_change_token_current_idx on auth.users (email_change_token_current)
  where email_change_token_current !~ '^[0-9 ]*$';
create unique index if not exists email_change_token_new_idx on auth.users (email_change_token_new)
  where email_change_token_new !~ '^[0-9 ]*$';
create unique index if not exists reauthentication_token_idx on auth.users (reauthentication_token)
  where reauthentication_token !~ '^[0-9 ]*$';

create table if not exists auth.identities (
  provider_id     text not null,
  user_id         uuid not null references auth.users (id) on delete cascade,
  identity_data   jsonb not null,
  provider        text not null,
  last_sign_in_at timestamptz,
  created_at      timestamptz,
  updated_at      timestamptz,
  email           text generated always as (lower(identity_data ->> 'email')) stored,
  id              uuid not null default gen_random_uuid() primary key,
  constraint identities_provider_id_provider_unique unique (provider_id, provider)
);
create index if not exists identities_user_id_idx on auth.identities (user_id);
create index if not exists identities_email_idx on auth.identities (email text_pattern_ops);

reset role;
