-- What 1.5 brought: headers of messages, reading on a condition, the length of what can be read now.
alter type pgmq.message_record add attribute headers jsonb;
alter type pgmq.metrics_result add attribute queue_visible_length bigint;
create or replace function pgmq._more() returns text language sql immutable as $body$ select ', headers jsonb' $body$;
do $queues$
declare
  known record;
begin
  for known in select queue_name from pgmq.meta loop
    execute format('alter table pgmq.%I add column headers jsonb', pgmq.format_table_name(known.queue_name, 'q'));
    execute format('alter table pgmq.%I add column headers jsonb', pgmq.format_table_name(known.queue_name, 'a'));
  end loop;
end
$queues$;

drop function pgmq.send_batch(text, jsonb[], integer), pgmq.send(text, jsonb, integer), pgmq.metrics(text),
  pgmq.read(text, integer, integer), pgmq.read_with_poll(text, integer, integer, integer, integer),
  pgmq.drop_queue(text, boolean);

create function pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[], delay timestamptz)
returns setof bigint language plpgsql as $body$
begin
  return query execute format(
    'insert into pgmq.%I (vt, message, headers) select $1, message, header from unnest($2, $3) as m (message, header) returning msg_id',
    pgmq.format_table_name(queue_name, 'q')
  ) using delay, msgs, headers;
end
$body$;
create function pgmq.send_batch(queue_name text, msgs jsonb[]) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, $2, null::jsonb[], clock_timestamp())
$body$;
create function pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[]) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, $2, $3, clock_timestamp())
$body$;
create function pgmq.send_batch(queue_name text, msgs jsonb[], delay integer) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, $2, null::jsonb[], clock_timestamp() + make_interval(secs => $3))
$body$;
create function pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[], delay integer)
returns setof bigint language sql as $body$
  select pgmq.send_batch($1, $2, $3, clock_timestamp() + make_interval(secs => $4))
$body$;

create function pgmq.send(queue_name text, msg jsonb, headers jsonb, delay timestamptz) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, array[$2], array[$3], $4)
$body$;
create function pgmq.send(queue_name text, msg jsonb) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, array[$2])
$body$;
create function pgmq.send(queue_name text, msg jsonb, headers jsonb) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, array[$2], array[$3])
$body$;
create function pgmq.send(queue_name text, msg jsonb, delay integer) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, array[$2], $3)
$body$;
create function pgmq.send(queue_name text, msg jsonb, headers jsonb, delay integer) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, array[$2], array[$3], $4)
$body$;

create function pgmq.read(queue_name text, vt integer, qty integer, conditional jsonb default '{}')
returns setof pgmq.message_record language sql as $body$ select pgmq._read($1, $2, $3, $4) $body$;
create function pgmq.read_with_poll(
  queue_name text, vt integer, qty integer, max_poll_seconds integer default 5, poll_interval_ms integer default 100,
  conditional jsonb default '{}'
) returns setof pgmq.message_record language sql as $body$ select pgmq._read($1, $2, $3, $6) $body$;
comment on function pgmq.read_with_poll(text, integer, integer, integer, integer, jsonb) is 'pretends: looks once, without waiting';

create function pgmq.drop_queue(queue_name text) returns boolean language plpgsql as $body$
begin
  if to_regclass(format('pgmq.%I', pgmq.format_table_name(queue_name, 'q'))) is null then
    raise notice 'pgmq queue `%` does not exist', queue_name;
    return false;
  end if;
  execute format(
    'drop table if exists pgmq.%I, pgmq.%I', pgmq.format_table_name(queue_name, 'q'), pgmq.format_table_name(queue_name, 'a')
  );
  delete from pgmq.meta m where m.queue_name = drop_queue.queue_name;
  return true;
end
$body$;
create function pgmq.drop_queue(queue_name text, partitioned boolean) returns boolean language sql as $body$
  select pgmq.drop_queue($1)
$body$;
create function pgmq.metrics(queue_name text) returns pgmq.metrics_result language sql as $body$
  select row ($1, counted.queue_length, counted.newest, counted.oldest, counted.sent, now(), counted.visible)::pgmq.metrics_result
  from pgmq._count($1) as counted
$body$;
