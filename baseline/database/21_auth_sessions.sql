-- Schema auth, part two: sessions, second factors, single sign-on. Tables only, empty; they exist so that migrations, seeds
-- and functions which name them work.
set role supabase_auth_admin;

do $types$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('aal_level',             $$'aal1', 'aal2', 'aal3'$$),
      ('factor_type',           $$'totp', 'webauthn', 'phone'$$),
      ('factor_status',         $$'unverified', 'verified'$$),
      ('code_challenge_method', $$'s256', 'plain'$$),
      ('one_time_token_type',   $$'confirmation_token', 'reauthentication_token', 'recovery_token',
                                  'email_change_token_new', 'email_change_token_current', 'phone_change_token'$$)
    ) as type (name, labels)
  loop
    if to_regtype(format('auth.%I', wanted.name)) is null then
      execute format('create type auth.%I as enum (%s)', wanted.name, wanted.labels);
    end if;
  end loop;
end
$types$;

create table if not exists auth.sessions (
  id                     uuid primary key,
  user_id                uuid not null references auth.users (id) on delete cascade,
  created_at             timestamptz,
  updated_at             timestamptz,
  factor_id              uuid,
  aal                    auth.aal_level,
  not_after              timestamptz,
  refreshed_at           timestamp,
  user_agent             text,
  ip                     inet,
  tag                    text,
  oauth_client_id        uuid,
  refresh_token_hmac_key text,
  refresh_token_counter  bigint,
  scopes                 text constraint sessions_scopes_length check (char_length(scopes) <= 4096)
);
create index if not exists sessions_user_id_idx on auth.sessions (user_id);

create table if not exists auth.refresh_tokens (
  instance_id uuid,
  id          bigserial primary key,
  token       varchar(255) constraint refresh_tokens_token_unique unique,
  user_id     varchar(255),
  revoked     boolean,
  created_at  timestamptz,
  updated_at  timestamptz,
  parent      varchar(255),
  session_id  uuid references auth.sessions (id) on delete cascade
);

create table if not exists auth.one_time_tokens (
  id         uuid primary key,
  user_id    uuid not null references auth.users (id) on delete cascade,
  token_type auth.one_time_token_type not null,
  token_hash text not null check (char_length(token_hash) > 0),
  relates_to text not null,
  created_at timestamp not null default now(),
  updated_at timestamp not null default now()
);

create table if not exists auth.flow_state (
  id                     uuid primary key,
  user_id                uuid,
  auth_code              text,
  code_challenge_method  auth.code_challenge_method,
  code_challenge         text,
  provider_type          text not null,
  provider_access_token  text,
  provider_refresh_token text,
  created_at             timestamptz,
  updated_at             timestamptz,
  authentication_method  text not null,
  auth_code_issued_at    timestamptz,
  invite_token           text,
  referrer               text,
  oauth_client_state_id  uuid,
  linking_target_id      uuid,
  email_optional         boolean not null default false
);

create table if not exists auth.mfa_factors (
  id                           uuid primary key,
  user_id                      uuid not null references auth.users (id) on delete cascade,
  friendly_name                text,
  factor_type                  auth.factor_type not null,
  status                       auth.factor_status not null,
  created_at                   timestamptz not null,
  updated_at                   timestamptz not null,
  secret                       text,
  phone                        text,
  last_challenged_at           timestamptz unique,
  web_authn_credential         jsonb,
  web_authn_aaguid             uuid,
  last_webauthn_challenge_data jsonb
);
create table if not exists auth.mfa_challenges (
  id                     uuid primary key,
  factor_id              uuid not null constraint mfa_challenges_auth_factor_id_fkey
    references auth.mfa_factors (id) on delete cascade,
  created_at             timestamptz not null,
  verified_at            timestamptz,
  ip_address             inet not null,
  otp_code               text,
  web_authn_session_data jsonb
);
create table if not exists auth.mfa_amr_claims (
  session_id            uuid not null references auth.sessions (id) on delete cascade,
  created_at            timestamptz not null,
  updated_at            timestamptz not null,
  authentication_method text not null,
  id                    uuid constraint amr_id_pk primary key,
  constraint mfa_amr_claims_session_id_authentication_method_pkey unique (session_id, authentication_method)
);

create table if not exists auth.sso_providers (
  id          uuid primary key,
  resource_id text constraint "resource_id not empty" check (resource_id = null or char_length(resource_id) > 0),
  created_at  timestamptz,
  updated_at  timestamptz,
  disabled    boolean
);
create table if not exists auth.sso_domains (
  id              uuid primary key,
  sso_provider_id uuid not null references auth.sso_providers (id) on delete cascade,
  domain          text not null constraint "domain not empty" check (char_length(domain) > 0),
  created_at      timestamptz,
  updated_at      timestamptz
);
create table if not exists auth.saml_providers (
  id                uuid primary key,
  sso_provider_id   uuid not null references auth.sso_providers (id) on delete cascade,
  entity_id         text not null unique constraint "entity_id not empty" check (char_length(entity_id) > 0),
  metadata_xml      text not null constraint "metadata_xml not empty" check (char_length(metadata_xml) > 0),
  metadata_url      text constraint "metadata_url not empty" check (metadata_url = null or char_length(metadata_url) > 0),
  attribute_mapping jsonb,
  created_at        timestamptz,
  updated_at        timestamptz,
  name_id_format    text
);
create table if not exists auth.saml_relay_states (
  id              uuid primary key,
  sso_provider_id uuid not null references auth.sso_providers (id) on delete cascade,
  request_id      text not null constraint "request_id not empty" check (char_length(request_id) > 0),
  for_email       text,
  redirect_to     text,
  created_at      timestamptz,
  updated_at      timestamptz,
  flow_state_id   uuid references auth.flow_state (id) on delete cascade
);

create table if not exists auth.instances (
  id uuid primary key, uuid uuid, raw_base_config text, created_at timestamptz, updated_at timestamptz
);
create table if not exists auth.audit_log_entries (
  instance_id uuid, id uuid primary key, payload json, created_at timestamptz, ip_address varchar(64) not null default ''
);
create table if not exists auth.schema_migrations (version varchar(255) primary key);
-- The columns that these two lack as the authentication server first made them.
alter table auth.refresh_tokens
  add column if not exists parent     varchar(255),
  add column if not exists session_id uuid references auth.sessions (id) on delete cascade;
do $unique$
begin
  if not exists (select from pg_constraint where conname = 'refresh_tokens_token_unique') then
    alter table auth.refresh_tokens add constraint refresh_tokens_token_unique unique (token);
  end if;
end
$unique$;
alter table auth.audit_log_entries add column if not exists ip_address varchar(64) not null default '';

reset role;
