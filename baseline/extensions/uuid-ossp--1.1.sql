-- Version 4, the constants, and the two hashed versions (3: md5, 5: sha1) agree with the real extension.
create function uuid_nil() returns uuid language sql immutable as $body$ select '00000000-0000-0000-0000-000000000000'::uuid $body$;
create function uuid_ns_dns() returns uuid language sql immutable as $body$ select '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid $body$;
create function uuid_ns_url() returns uuid language sql immutable as $body$ select '6ba7b811-9dad-11d1-80b4-00c04fd430c8'::uuid $body$;
create function uuid_ns_oid() returns uuid language sql immutable as $body$ select '6ba7b812-9dad-11d1-80b4-00c04fd430c8'::uuid $body$;
create function uuid_ns_x500() returns uuid language sql immutable as $body$ select '6ba7b814-9dad-11d1-80b4-00c04fd430c8'::uuid $body$;

create function uuid_generate_v4() returns uuid language sql volatile as $body$ select pg_catalog.gen_random_uuid() $body$;

-- pretends: a random value with the version digit 1; it holds no time and no address
create function uuid_generate_v1() returns uuid language sql volatile as $body$
  select overlay(pg_catalog.gen_random_uuid()::text placing '1' from 15 for 1)::uuid
$body$;
create function uuid_generate_v1mc() returns uuid language sql volatile as $body$
  select overlay(pg_catalog.gen_random_uuid()::text placing '1' from 15 for 1)::uuid
$body$;

comment on function uuid_generate_v1() is 'pretends: a random value that holds no time and no address';
comment on function uuid_generate_v1mc() is 'pretends: a random value that holds no time';

-- SHA-1 (FIPS 180-4); Postgres itself has md5 and sha2 only
create function uuid_ossp_sha1(data bytea) returns bytea language plpgsql immutable strict as $body$
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

-- the first 16 bytes of a hash, marked with version and variant (RFC 9562, 5.3 and 5.5)
create function uuid_ossp_named(hash bytea, version integer) returns uuid language sql immutable strict as $body$
  select encode(
    set_byte(set_byte(substr(hash, 1, 16), 6, (get_byte(hash, 6) & 15) | (version << 4)), 8, (get_byte(hash, 8) & 63) | 128), 'hex'
  )::uuid
$body$;
create function uuid_generate_v3(namespace uuid, name text) returns uuid language sql immutable strict as $body$
  select @extschema@.uuid_ossp_named(decode(md5(uuid_send(namespace) || convert_to(name, 'UTF8')), 'hex'), 3)
$body$;
create function uuid_generate_v5(namespace uuid, name text) returns uuid language sql immutable strict as $body$
  select @extschema@.uuid_ossp_named(@extschema@.uuid_ossp_sha1(uuid_send(namespace) || convert_to(name, 'UTF8')), 5)
$body$;
