-- Exact: digest (md5, sha1, sha2), hmac, gen_random_uuid. Random enough for tests: gen_random_bytes.
-- Everything below the line "pretends" keeps only the shape and the round trip; none of it protects anything.

-- SHA-1 (FIPS 180-4); Postgres itself has md5 and sha2 only
create function pgcrypto_sha1(data bytea) returns bytea language plpgsql immutable strict as $body$
declare
  word      constant bigint := 4294967295;  -- 32 bits
  message   bytea := data || '\x80';
  state     bigint[] := array[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
  w         bigint[];
  a bigint; b bigint; c bigint; d bigint; e bigint; mixed bigint; turned bigint;
begin
  -- padding: one bit, zeros up to 8 bytes short of a block, the length in bits (FIPS 180-4, 5.1.1)
  message := message || decode(repeat('00', (119 - length(data) % 64) % 64), 'hex') || int8send(length(data)::bigint * 8);
  for block in 0 .. length(message) / 64 - 1 loop
    for t in 0 .. 79 loop
      if t < 16 then
        w[t] := ('x' || encode(substr(message, block * 64 + t * 4 + 1, 4), 'hex'))::bit(32)::bigint;
      else
        turned := w[t - 3] # w[t - 8] # w[t - 14] # w[t - 16];
        w[t] := ((turned << 1) | (turned >> 31)) & word;
      end if;
    end loop;
    a := state[1]; b := state[2]; c := state[3]; d := state[4]; e := state[5];
    for t in 0 .. 79 loop
      mixed := case t / 20
        when 0 then ((b & c) | ((b # word) & d)) + 1518500249
        when 1 then (b # c # d) + 1859775393
        when 2 then ((b & c) | (b & d) | (c & d)) + 2400959708
        else (b # c # d) + 3395469782
      end;
      turned := (((a << 5) | (a >> 27)) & word) + mixed + e + w[t] & word;
      e := d; d := c; c := ((b << 30) | (b >> 2)) & word; b := a; a := turned;
    end loop;
    state := array[state[1] + a & word, state[2] + b & word, state[3] + c & word, state[4] + d & word, state[5] + e & word];
  end loop;
  return (select string_agg(substr(int8send(part), 5), ''::bytea order by place) from unnest(state) with ordinality s (part, place));
end
$body$;

create function digest(data bytea, type text) returns bytea language plpgsql immutable strict as $body$
begin
  return case lower(type)
    when 'md5' then decode(md5(data), 'hex')
    when 'sha1' then @extschema@.pgcrypto_sha1(data)
    when 'sha224' then sha224(data)
    when 'sha256' then sha256(data)
    when 'sha384' then sha384(data)
    when 'sha512' then sha512(data)
    else @extschema@.pgcrypto_unknown(type)
  end;
end
$body$;
create function pgcrypto_unknown(type text) returns bytea language plpgsql immutable as $body$
begin
  raise exception 'Cannot use "%": No such hash algorithm', type using errcode = 'invalid_parameter_value';
end
$body$;
create function digest(data text, type text) returns bytea language sql immutable strict as $body$
  select @extschema@.digest(convert_to(data, 'UTF8'), type)
$body$;

-- each byte of data exclusive-or the byte of key at the same place, key repeated
create function pgcrypto_xor(data bytea, key bytea) returns bytea language plpgsql immutable strict as $body$
begin
  for place in 0 .. length(data) - 1 loop
    data := set_byte(data, place, get_byte(data, place) # get_byte(key, place % length(key)));
  end loop;
  return data;
end
$body$;

-- RFC 2104
create function hmac(data bytea, key bytea, type text) returns bytea language plpgsql immutable strict as $body$
declare
  block integer := case when lower(type) in ('sha384', 'sha512') then 128 else 64 end;
begin
  if length(key) > block then
    key := @extschema@.digest(key, type);
  end if;
  key := key || decode(repeat('00', block - length(key)), 'hex');
  return @extschema@.digest(
    @extschema@.pgcrypto_xor(key, '\x5c')
      || @extschema@.digest(@extschema@.pgcrypto_xor(key, '\x36') || data, type),
    type
  );
end
$body$;
create function hmac(data text, key text, type text) returns bytea language sql immutable strict as $body$
  select @extschema@.hmac(convert_to(data, 'UTF8'), convert_to(key, 'UTF8'), type)
$body$;

create function gen_random_uuid() returns uuid language sql volatile as $body$ select pg_catalog.gen_random_uuid() $body$;

create function gen_random_bytes(count integer) returns bytea language sql volatile strict as $body$
  select substr(string_agg(sha256(uuid_send(pg_catalog.gen_random_uuid())), ''::bytea), 1, count)
  from generate_series(0, count / 32)
$body$;

-- pretends ---------------------------------------------------------------------------------------------------------------

-- passwords: a salt of bcrypt's shape, and one round of sha256 where bcrypt would do thousands; crypt(p, stored) = stored holds
create function pgcrypto_letters(data bytea, count integer) returns text language sql immutable strict as $body$
  select substr(translate(encode(data, 'base64'), '+=' || chr(10), '.'), 1, count)
$body$;
create function gen_salt(type text, rounds integer) returns text language sql volatile strict as $body$
  select case when type = 'bf' then '$2a$' || lpad(rounds::text, 2, '0') || '$' else '$pretended$' end
    || @extschema@.pgcrypto_letters(@extschema@.gen_random_bytes(24), 22)
$body$;
create function gen_salt(type text) returns text language sql volatile strict as $body$ select @extschema@.gen_salt(type, 6) $body$;
create function crypt(password text, salt text) returns text language sql immutable strict as $body$
  select left(salt, 29) || @extschema@.pgcrypto_letters(sha256(convert_to(left(salt, 29) || password, 'UTF8')), 31)
$body$;

-- ciphers: exclusive-or with the hash of the key; what was encrypted can be decrypted, and read by anyone
create function encrypt(data bytea, key bytea, type text) returns bytea language sql immutable strict as $body$
  select @extschema@.pgcrypto_xor(data, sha256(key))
$body$;
create function decrypt(data bytea, key bytea, type text) returns bytea language sql immutable strict as $body$
  select @extschema@.pgcrypto_xor(data, sha256(key))
$body$;
create function encrypt_iv(data bytea, key bytea, iv bytea, type text) returns bytea language sql immutable strict as $body$
  select @extschema@.pgcrypto_xor(data, sha256(key || iv))
$body$;
create function decrypt_iv(data bytea, key bytea, iv bytea, type text) returns bytea language sql immutable strict as $body$
  select @extschema@.pgcrypto_xor(data, sha256(key || iv))
$body$;
create function pgp_sym_encrypt_bytea(data bytea, psw text, options text default '') returns bytea language sql volatile strict as $body$
  select @extschema@.pgcrypto_xor(data, sha256(convert_to(psw, 'UTF8')))
$body$;
create function pgp_sym_decrypt_bytea(msg bytea, psw text, options text default '') returns bytea language sql immutable strict as $body$
  select @extschema@.pgcrypto_xor(msg, sha256(convert_to(psw, 'UTF8')))
$body$;
create function pgp_sym_encrypt(data text, psw text, options text default '') returns bytea language sql volatile strict as $body$
  select @extschema@.pgp_sym_encrypt_bytea(convert_to(data, 'UTF8'), psw)
$body$;
create function pgp_sym_decrypt(msg bytea, psw text, options text default '') returns text language sql immutable strict as $body$
  select convert_from(@extschema@.pgp_sym_decrypt_bytea(msg, psw), 'UTF8')
$body$;
create function armor(data bytea) returns text language sql immutable strict as $body$ select encode(data, 'base64') $body$;
create function dearmor(data text) returns bytea language sql immutable strict as $body$ select decode(data, 'base64') $body$;
-- with a pair of keys: both are ignored
create function pgp_pub_encrypt_bytea(data bytea, key bytea, options text default '') returns bytea
language sql volatile strict as $body$ select @extschema@.pgcrypto_xor(data, sha256('no key')) $body$;
create function pgp_pub_decrypt_bytea(msg bytea, key bytea, psw text default '', options text default '') returns bytea
language sql immutable strict as $body$ select @extschema@.pgcrypto_xor(msg, sha256('no key')) $body$;
create function pgp_pub_encrypt(data text, key bytea, options text default '') returns bytea
language sql volatile strict as $body$ select @extschema@.pgp_pub_encrypt_bytea(convert_to(data, 'UTF8'), key) $body$;
create function pgp_pub_decrypt(msg bytea, key bytea, psw text default '', options text default '') returns text
language sql immutable strict as $body$ select convert_from(@extschema@.pgp_pub_decrypt_bytea(msg, key), 'UTF8') $body$;

do $pretending$
declare
  made record;
begin
  for made in
    select p.oid::regprocedure as name, p.proname ~ '^(crypt|gen_salt)$' as password
    from pg_proc p
    where p.pronamespace = '@extschema@'::regnamespace
      and p.proname ~ '^(crypt|gen_salt|(en|de)crypt(_iv)?|pgp_(sym|pub)_(en|de)crypt(_bytea)?)$'
  loop
    execute format(
      'comment on function %s is %L', made.name,
      case
        when made.password then 'pretends: of the shape of bcrypt, but one round of SHA-256; equal passwords still compare as equal'
        else 'pretends: can be undone with the same key, and by anyone without it'
      end
    );
  end loop;
end
$pretending$;
