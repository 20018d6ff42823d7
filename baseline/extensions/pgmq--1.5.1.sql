-- Queues are tables and work: send, read with a visibility timeout, archive, delete. Simplified: a partitioned or unlogged
-- queue is an ordinary one, `conditional` is matched by containment, polling looks once.
create table pgmq.meta (
  queue_name     varchar not null unique,
  is_partitioned boolean not null,
  is_unlogged    boolean not null,
  created_at     timestamptz not null default now()
);
create type pgmq.message_record as (
  msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb, headers jsonb
);
create type pgmq.queue_record as (queue_name varchar, is_partitioned boolean, is_unlogged boolean, created_at timestamptz);
create type pgmq.metrics_result as (
  queue_name text, queue_length bigint, newest_msg_age_sec integer, oldest_msg_age_sec integer, total_messages bigint,
  scrape_time timestamptz, queue_visible_length bigint
);

create function pgmq.format_table_name(queue_name text, prefix text) returns text language sql immutable as $body$
  select prefix || '_' || lower(queue_name)
$body$;

create function pgmq.create(queue_name text) returns void language plpgsql as $body$
begin
  execute format($queue$
    create table if not exists pgmq.%I (
      msg_id bigint primary key generated always as identity, read_ct integer not null default 0,
      enqueued_at timestamptz not null default now(), vt timestamptz not null, message jsonb, headers jsonb
    )$queue$, pgmq.format_table_name(queue_name, 'q'));
  execute format($archive$
    create table if not exists pgmq.%I (
      msg_id bigint primary key, read_ct integer not null default 0, enqueued_at timestamptz not null default now(),
      archived_at timestamptz not null default now(), vt timestamptz not null, message jsonb, headers jsonb
    )$archive$, pgmq.format_table_name(queue_name, 'a'));
  insert into pgmq.meta values (queue_name, false, false) on conflict do nothing;
end
$body$;
create function pgmq.create_non_partitioned(queue_name text) returns void language sql as $body$ select pgmq.create($1) $body$;
create function pgmq.create_unlogged(queue_name text) returns void language sql as $body$ select pgmq.create($1) $body$;
create function pgmq.create_partitioned(
  queue_name text, partition_interval text default '10000', retention_interval text default '100000'
) returns void language sql as $body$ select pgmq.create($1) $body$;

create function pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[], delay timestamptz)
returns setof bigint language plpgsql as $body$
begin
  return query execute format(
    'insert into pgmq.%I (vt, message, headers) select $1, message, header from unnest($2, $3) as m (message, header) returning msg_id',
    pgmq.format_table_name(queue_name, 'q')
  ) using delay, msgs, headers;
end
$body$;
create function pgmq.send_batch(queue_name text, msgs jsonb[], delay integer default 0) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, $2, null::jsonb[], clock_timestamp() + make_interval(secs => $3))
$body$;
create function pgmq.send(queue_name text, msg jsonb, headers jsonb, delay timestamptz) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, array[$2], array[$3], $4)
$body$;
create function pgmq.send(queue_name text, msg jsonb, headers jsonb, delay integer) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, array[$2], array[$3], clock_timestamp() + make_interval(secs => $4))
$body$;
create function pgmq.send(queue_name text, msg jsonb, delay timestamptz) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, array[$2], null::jsonb[], $3)
$body$;
create function pgmq.send(queue_name text, msg jsonb, headers jsonb) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, array[$2], array[$3], clock_timestamp())
$body$;
create function pgmq.send(queue_name text, msg jsonb, delay integer default 0) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, array[$2], $3)
$body$;

create function pgmq.read(queue_name text, vt integer, qty integer, conditional jsonb default '{}')
returns setof pgmq.message_record language plpgsql as $body$
begin
  return query execute format($query$
    update pgmq.%1$I as queued set vt = clock_timestamp() + make_interval(secs => $1), read_ct = read_ct + 1
    from (
      select msg_id from pgmq.%1$I where vt <= clock_timestamp() and ($3 = '{}' or message @> $3)
      order by msg_id limit $2 for update skip locked
    ) as next
    where queued.msg_id = next.msg_id
    returning queued.msg_id, queued.read_ct, queued.enqueued_at, queued.vt, queued.message, queued.headers
  $query$, pgmq.format_table_name(queue_name, 'q')) using vt, qty, conditional;
end
$body$;
create function pgmq.read_with_poll(
  queue_name text, vt integer, qty integer, max_poll_seconds integer default 5, poll_interval_ms integer default 100,
  conditional jsonb default '{}'
) returns setof pgmq.message_record language sql as $body$ select pgmq.read($1, $2, $3, $6) $body$;

create function pgmq.delete(queue_name text, msg_ids bigint[]) returns setof bigint language plpgsql as $body$
begin
  return query execute format(
    'delete from pgmq.%I where msg_id = any ($1) returning msg_id', pgmq.format_table_name(queue_name, 'q')
  ) using msg_ids;
end
$body$;
create function pgmq.delete(queue_name text, msg_id bigint) returns boolean language sql as $body$
  select exists (select from pgmq.delete($1, array[$2]))
$body$;
create function pgmq.archive(queue_name text, msg_ids bigint[]) returns setof bigint language plpgsql as $body$
begin
  return query execute format($query$
    with taken as (delete from pgmq.%I where msg_id = any ($1) returning *)
    insert into pgmq.%I (msg_id, read_ct, enqueued_at, vt, message, headers)
    select msg_id, read_ct, enqueued_at, vt, message, headers from taken returning msg_id
  $query$, pgmq.format_table_name(queue_name, 'q'), pgmq.format_table_name(queue_name, 'a')) using msg_ids;
end
$body$;
create function pgmq.archive(queue_name text, msg_id bigint) returns boolean language sql as $body$
  select exists (select from pgmq.archive($1, array[$2]))
$body$;
create function pgmq.pop(queue_name text) returns setof pgmq.message_record language plpgsql as $body$
begin
  return query execute format($query$
    delete from pgmq.%1$I where msg_id = (
      select msg_id from pgmq.%1$I where vt <= clock_timestamp() order by msg_id limit 1 for update skip locked
    ) returning msg_id, read_ct, enqueued_at, vt, message, headers
  $query$, pgmq.format_table_name(queue_name, 'q'));
end
$body$;
create function pgmq.set_vt(queue_name text, msg_id bigint, vt integer) returns setof pgmq.message_record language plpgsql as $body$
begin
  return query execute format($query$
    update pgmq.%I set vt = clock_timestamp() + make_interval(secs => $1) where msg_id = $2
    returning msg_id, read_ct, enqueued_at, vt, message, headers
  $query$, pgmq.format_table_name(queue_name, 'q')) using vt, msg_id;
end
$body$;
create function pgmq.purge_queue(queue_name text) returns bigint language plpgsql as $body$
declare
  purged bigint;
begin
  execute format('delete from pgmq.%I', pgmq.format_table_name(queue_name, 'q'));
  get diagnostics purged = row_count;
  return purged;
end
$body$;
create function pgmq.drop_queue(queue_name text) returns boolean language plpgsql as $body$
begin
  execute format(
    'drop table if exists pgmq.%I, pgmq.%I', pgmq.format_table_name(queue_name, 'q'), pgmq.format_table_name(queue_name, 'a')
  );
  delete from pgmq.meta m where m.queue_name = drop_queue.queue_name;
  return found;
end
$body$;
create function pgmq.drop_queue(queue_name text, partitioned boolean) returns boolean language sql as $body$ select pgmq.drop_queue($1) $body$;
create function pgmq.list_queues() returns setof pgmq.queue_record language sql stable as $body$
  select queue_name, is_partitioned, is_unlogged, created_at from pgmq.meta
$body$;
-- pretends: counts only; ages are null
create function pgmq.metrics(queue_name text) returns pgmq.metrics_result language plpgsql as $body$
declare
  counted bigint;
  result  pgmq.metrics_result;
begin
  execute format('select count(*) from pgmq.%I', pgmq.format_table_name(queue_name, 'q')) into counted;
  result := row (queue_name, counted, null, null, counted, now(), counted);
  return result;
end
$body$;
create function pgmq.metrics_all() returns setof pgmq.metrics_result language sql as $body$
  select pgmq.metrics(queue_name) from pgmq.meta
$body$;
grant usage on schema pgmq to public;
