-- pretends: a request becomes a row of net.http_request_queue and stays there; no answer ever comes. The rows are a good
-- place to see what a trigger would have sent. As the real extension does, the script makes its own schema.
create schema net;
create domain net.http_method as text check (lower(value) in ('get', 'post', 'delete'));
create type net.request_status as enum ('PENDING', 'SUCCESS', 'ERROR');
create type net.http_response as (status_code integer, headers jsonb, body text);
create type net.http_response_result as (status net.request_status, message text, response net.http_response);

create unlogged table net.http_request_queue (
  id                   bigserial,
  method               net.http_method not null,
  url                  text not null,
  headers              jsonb,
  body                 bytea,
  timeout_milliseconds integer not null
);
comment on table net.http_request_queue is 'pretends: requests are queued and never sent';
create unlogged table net._http_response (
  id bigint, status_code integer, content_type text, headers jsonb, content text, timed_out boolean, error_msg text,
  created timestamptz not null default now()
);
create index on net._http_response (created);

create function net._urlencode_string(string varchar) returns text language sql immutable as $body$
  select coalesce(string_agg(
    case
      when letter ~ '^[A-Za-z0-9_.~-]$' then letter
      else upper(regexp_replace(encode(convert_to(letter, 'UTF8'), 'hex'), '(..)', '%\1', 'g'))
    end,
    '' order by place
  ), '')
  from regexp_split_to_table(string::text, '') with ordinality as letters (letter, place)
$body$;
create function net._url_with(url text, params jsonb) returns text language sql immutable as $body$
  select url || coalesce(
    case when url like '%?%' then '&' else '?' end
      || string_agg(net._urlencode_string(key) || '=' || net._urlencode_string(value), '&'),
    ''
  )
  from jsonb_each_text(params)
$body$;

create function net._queue(method text, url text, headers jsonb, body jsonb, timeout_milliseconds integer)
returns bigint language sql as $body$
  insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
  values ($1, $2, $3, convert_to($4::text, 'UTF8'), $5) returning id
$body$;
create function net.http_get(
  url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000
) returns bigint language plpgsql as $body$
begin
  return net._queue('GET', net._url_with(url, params), headers, null, timeout_milliseconds);
end
$body$;
create function net.http_post(
  url text, body jsonb default '{}', params jsonb default '{}', headers jsonb default '{"Content-Type": "application/json"}',
  timeout_milliseconds integer default 5000
) returns bigint language plpgsql as $body$
declare
  kind text := (select value from jsonb_each_text(coalesce(headers, '{}')) where lower(key) = 'content-type' limit 1);
begin
  if kind <> 'application/json' then
    raise exception 'Content-Type header must be "application/json"';
  elsif kind is null then
    headers := headers || '{"Content-Type": "application/json"}';
  end if;
  return net._queue('POST', net._url_with(url, params), headers, body, timeout_milliseconds);
end
$body$;
create function net.http_delete(
  url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000,
  body jsonb default null
) returns bigint language plpgsql as $body$
begin
  return net._queue('DELETE', net._url_with(url, params), headers, body, timeout_milliseconds);
end
$body$;
create function net._http_collect_response(request_id bigint, async boolean default true)
returns net.http_response_result language sql stable as $body$
  select row ('ERROR', 'request matching request_id not found', null)::net.http_response_result
$body$;
create function net.http_collect_response(request_id bigint, async boolean default true)
returns net.http_response_result language sql stable as $body$
  select net._http_collect_response(request_id, async)
$body$;
create function net.worker_restart() returns boolean language sql as $body$ select true $body$;
create function net.check_worker_is_up() returns void language sql as $body$ select $body$;
create function net.wait_until_running() returns void language sql as $body$ select $body$;
create function net.wake() returns void language sql as $body$ select $body$;

do $pretending$
declare
  name text;
begin
  foreach name in array array['http_get', 'http_post', 'http_delete'] loop
    execute format('comment on function net.%I is %L', name, 'pretends: the request is queued and never sent');
  end loop;
  foreach name in array array['_http_collect_response', 'http_collect_response'] loop
    execute format('comment on function net.%I is %L', name, 'pretends: no answer ever comes');
  end loop;
  comment on function net.check_worker_is_up() is 'pretends: there is no worker, and this says that it is up';
end
$pretending$;

grant usage on schema net to public;
grant all on all tables in schema net to public;
grant all on all sequences in schema net to public;
grant usage on schema net to supabase_functions_admin, postgres, anon, authenticated, service_role;
