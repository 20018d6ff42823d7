-- pretends: nothing is encrypted, keys are names. For dumps of older projects that mention it.
create type @extschema@.key_status as enum ('default', 'valid', 'invalid', 'expired');
create type @extschema@.key_type as enum (
  'aead-ietf', 'aead-det', 'hmacsha512', 'hmacsha256', 'auth', 'shorthash', 'generichash', 'kdf', 'secretbox',
  'secretstream', 'stream_xchacha20'
);
create table @extschema@.key (
  id              uuid primary key default gen_random_uuid(),
  status          @extschema@.key_status default 'valid',
  created         timestamptz not null default current_timestamp,
  expires         timestamptz,
  key_type        @extschema@.key_type,
  key_id          bigserial,
  key_context     bytea default '\x7067736f6469756d',
  name            text unique,
  associated_data text default '',
  raw_key         bytea,
  raw_key_nonce   bytea,
  parent_key      uuid references @extschema@.key (id),
  comment         text,
  user_data       text
);
create view @extschema@.valid_key as
  select id, name, status, key_type, key_id, key_context, created, expires, associated_data
  from @extschema@.key where status in ('valid', 'default') and (expires is null or expires > now());
create function @extschema@.create_key(
  key_type @extschema@.key_type default 'aead-det', name text default null, raw_key bytea default null,
  raw_key_nonce bytea default null, parent_key uuid default null, key_context bytea default '\x7067736f6469756d',
  expires timestamptz default null, associated_data text default ''
) returns @extschema@.valid_key language sql as $body$
  insert into @extschema@.key (key_type, name, raw_key, raw_key_nonce, parent_key, key_context, expires, associated_data)
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  returning row (id, name, status, key_type, key_id, key_context, created, expires, associated_data)::@extschema@.valid_key
$body$;
create function @extschema@.crypto_aead_det_noncegen() returns bytea language sql volatile as $body$
  select uuid_send(gen_random_uuid())
$body$;
create function @extschema@.crypto_aead_det_encrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea default null)
returns bytea language sql immutable as $body$ select message $body$;
create function @extschema@.crypto_aead_det_decrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea default null)
returns bytea language sql immutable as $body$ select message $body$;
create function @extschema@.randombytes_buf(size integer) returns bytea language sql volatile as $body$
  select substr(string_agg(sha256(uuid_send(gen_random_uuid())), ''::bytea), 1, size) from generate_series(0, size / 32)
$body$;
grant usage on schema @extschema@ to public;
create function @extschema@.crypto_aead_det_keygen() returns bytea language sql volatile as $body$
  select @extschema@.randombytes_buf(32)
$body$;
comment on table @extschema@.key is 'pretends: keys are names';
comment on function @extschema@.create_key(@extschema@.key_type, text, bytea, bytea, uuid, bytea, timestamptz, text)
  is 'pretends: the key is only a name';
comment on function @extschema@.crypto_aead_det_encrypt(bytea, bytea, uuid, bytea) is 'pretends: nothing is encrypted';
comment on function @extschema@.crypto_aead_det_decrypt(bytea, bytea, uuid, bytea) is 'pretends: nothing is encrypted';
grant pgsodium_keyiduser, pgsodium_keyholder, pgsodium_keymaker to postgres with admin option;
grant pgsodium_keyholder to service_role;
grant all on all tables in schema @extschema@ to postgres, pgsodium_keyholder;
grant execute on function @extschema@.crypto_aead_det_encrypt(bytea, bytea, uuid, bytea),
  @extschema@.crypto_aead_det_decrypt(bytea, bytea, uuid, bytea), @extschema@.crypto_aead_det_keygen() to service_role;
