-- pretends: a request becomes a row of net.http_request_queue and stays there; no answer ever comes. The rows are a good
-- place to see what a trigger would have sent. As the real extension does, the script makes its own schema.
create schema net;
create type net.request_status as enum ('PENDING', 'SUCCESS', 'ERROR');
create type net.http_response as (status_code integer, headers jsonb, body text);
create type net.http_response_result as (status net.request_status, message text, response net.http_response);

create table net.http_request_queue (
  id                   bigserial primary key,
  method               text not null,
  url                  text not null,
  headers              jsonb,
  body                 bytea,
  timeout_milliseconds integer not null
);
create table net._http_response (
  id bigint, status_code integer, content_type text, headers jsonb, content text, timed_out boolean, error_msg text,
  created timestamptz not null default now()
);

create function net.http_get(
  url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000
) returns bigint language sql security definer set search_path = net as $body$
  insert into http_request_queue (method, url, headers, timeout_milliseconds) values ('GET', $1, $3, $4) returning id
$body$;
create function net.http_post(
  url text, body jsonb default '{}', params jsonb default '{}', headers jsonb default '{"Content-Type": "application/json"}',
  timeout_milliseconds integer default 5000
) returns bigint language sql security definer set search_path = net as $body$
  insert into http_request_queue (method, url, headers, body, timeout_milliseconds)
  values ('POST', $1, $4, convert_to($2::text, 'UTF8'), $5) returning id
$body$;
create function net.http_delete(
  url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000,
  body jsonb default null
) returns bigint language sql security definer set search_path = net as $body$
  insert into http_request_queue (method, url, headers, body, timeout_milliseconds)
  values ('DELETE', $1, $3, convert_to($5::text, 'UTF8'), $4) returning id
$body$;
create function net._http_collect_response(request_id bigint, async boolean default true)
returns net.http_response_result language sql stable as $body$
  select row ('PENDING', 'request is pending processing', null)::net.http_response_result
$body$;
create function net.http_collect_response(request_id bigint, async boolean default true)
returns net.http_response_result language sql stable as $body$
  select net._http_collect_response(request_id, async)
$body$;
create function net.worker_restart() returns boolean language sql as $body$ select true $body$;

grant usage on schema net to public;
grant all on all tables in schema net to public;
grant all on all sequences in schema net to public;
