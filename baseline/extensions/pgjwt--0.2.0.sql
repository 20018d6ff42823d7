-- Exact for the HMAC algorithms. Takes hmac() from the schema where Supabase keeps pgcrypto.
create function url_encode(data bytea) returns text language sql immutable as $body$
  select translate(encode(data, 'base64'), '+/=' || chr(10), '-_')
$body$;
create function url_decode(data text) returns bytea language sql immutable as $body$
  select decode(translate(data, '-_', '+/') || repeat('=', (4 - length(data) % 4) % 4), 'base64')
$body$;
create function algorithm_sign(signables text, secret text, algorithm text) returns text language sql immutable as $body$
  select @extschema@.url_encode(extensions.hmac(signables, secret, replace(algorithm, 'HS', 'sha')))
$body$;
create function sign(payload json, secret text, algorithm text default 'HS256') returns text language sql immutable as $body$
  select signables || '.' || @extschema@.algorithm_sign(signables, secret, algorithm)
  from (
    select @extschema@.url_encode(convert_to('{"alg":"' || algorithm || '","typ":"JWT"}', 'UTF8'))
      || '.' || @extschema@.url_encode(convert_to(payload::text, 'UTF8'))
  ) as token (signables)
$body$;
create function verify(token text, secret text, algorithm text default 'HS256')
returns table (header json, payload json, valid boolean) language sql immutable as $body$
  select
    convert_from(@extschema@.url_decode(split_part(token, '.', 1)), 'UTF8')::json,
    convert_from(@extschema@.url_decode(split_part(token, '.', 2)), 'UTF8')::json,
    split_part(token, '.', 3)
      = @extschema@.algorithm_sign(split_part(token, '.', 1) || '.' || split_part(token, '.', 2), secret, algorithm)
$body$;
