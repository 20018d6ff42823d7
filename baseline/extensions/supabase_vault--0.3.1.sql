-- pretends: secrets are stored as they come; "decrypted" shows the same text. Never put a real one here.
create table @extschema@.secrets (
  id          uuid primary key default gen_random_uuid(),
  name        text,
  description text not null default '',
  secret      text not null,
  key_id      uuid,
  nonce       bytea,
  created_at  timestamptz not null default current_timestamp,
  updated_at  timestamptz not null default current_timestamp
);
create unique index secrets_name_idx on @extschema@.secrets (name) where name is not null;
create view @extschema@.decrypted_secrets as
  select id, name, description, secret, secret as decrypted_secret, key_id, nonce, created_at, updated_at
  from @extschema@.secrets;
comment on table @extschema@.secrets is 'pretends: secrets are kept in plain text';
comment on view @extschema@.decrypted_secrets is 'pretends: secrets are kept in plain text';

create function @extschema@.create_secret(
  new_secret text, new_name text default null, new_description text default '', new_key_id uuid default null
) returns uuid language sql security definer set search_path = '' as $body$
  insert into @extschema@.secrets (secret, name, description, key_id) values ($1, $2, coalesce($3, ''), $4) returning id
$body$;
create function @extschema@.update_secret(
  secret_id uuid, new_secret text default null, new_name text default null, new_description text default null,
  new_key_id uuid default null
) returns void language sql security definer set search_path = '' as $body$
  update @extschema@.secrets
  set secret = coalesce($2, secret), name = coalesce($3, name), description = coalesce($4, description),
      key_id = coalesce($5, key_id), updated_at = now()
  where id = $1
$body$;
comment on function @extschema@.create_secret(text, text, text, uuid) is 'pretends: the secret is kept in plain text';
comment on function @extschema@.update_secret(uuid, text, text, text, uuid) is 'pretends: the secret is kept in plain text';

revoke all on function @extschema@.create_secret(text, text, text, uuid) from public;
revoke all on function @extschema@.update_secret(uuid, text, text, text, uuid) from public;
grant execute on function @extschema@.create_secret(text, text, text, uuid),
  @extschema@.update_secret(uuid, text, text, text, uuid) to postgres with grant option;
grant execute on function @extschema@.create_secret(text, text, text, uuid),
  @extschema@.update_secret(uuid, text, text, text, uuid) to service_role;
-- Rows are made and changed by the two functions only.
grant select, delete on @extschema@.secrets, @extschema@.decrypted_secrets to postgres with grant option;
grant truncate, references on @extschema@.secrets, @extschema@.decrypted_secrets to postgres;
grant select, delete on @extschema@.secrets, @extschema@.decrypted_secrets to service_role;
