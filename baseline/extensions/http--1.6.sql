-- pretends: no request leaves the server; each is answered with status 503.
create domain http_method as text;
create type http_header as (field varchar, value varchar);
create type http_response as (status integer, content_type varchar, headers http_header[], content varchar);
create type http_request as (method http_method, uri varchar, headers http_header[], content_type varchar, content varchar);

create function http(request http_request) returns http_response language sql as $body$
  select row (503, 'text/plain', null, 'this http extension is a stand-in and sends nothing')::@extschema@.http_response
$body$;
create function http_header(field varchar, value varchar) returns http_header language sql immutable as $body$
  select row ($1, $2)::@extschema@.http_header
$body$;
create function http_get(uri varchar) returns http_response
  language sql as $body$ select @extschema@.http(null) $body$;
create function http_get(uri varchar, data jsonb) returns http_response
  language sql as $body$ select @extschema@.http(null) $body$;
create function http_head(uri varchar) returns http_response
  language sql as $body$ select @extschema@.http(null) $body$;
create function http_post(uri varchar, data jsonb) returns http_response
  language sql as $body$ select @extschema@.http(null) $body$;
create function http_post(uri varchar, content varchar, content_type varchar) returns http_response
  language sql as $body$ select @extschema@.http(null) $body$;
create function http_put(uri varchar, content varchar, content_type varchar) returns http_response
  language sql as $body$ select @extschema@.http(null) $body$;
create function http_patch(uri varchar, content varchar, content_type varchar) returns http_response
  language sql as $body$ select @extschema@.http(null) $body$;
create function http_delete(uri varchar) returns http_response
  language sql as $body$ select @extschema@.http(null) $body$;
create function http_set_curlopt(curlopt varchar, value varchar) returns boolean language sql as $body$ select true $body$;
create function http_reset_curlopt() returns boolean language sql as $body$ select true $body$;

-- exact
create function urlencode(string varchar) returns text language sql immutable strict as $body$
  select string_agg(
    case
      when letter ~ '^[A-Za-z0-9_.~-]$' then letter
      else upper(regexp_replace(encode(convert_to(letter, 'UTF8'), 'hex'), '(..)', '%\1', 'g'))
    end,
    '' order by place
  )
  from regexp_split_to_table(string::text, '') with ordinality as letters (letter, place)
$body$;

do $pretending$
declare
  made record;
begin
  for made in
    select p.oid::regprocedure as name from pg_proc p
    where p.pronamespace = '@extschema@'::regnamespace and p.proname ~ '^http(_(get|head|post|put|patch|delete))?$'
  loop
    execute format('comment on function %s is %L', made.name, 'pretends: nothing is sent, and the answer is always status 503');
  end loop;
end
$pretending$;
