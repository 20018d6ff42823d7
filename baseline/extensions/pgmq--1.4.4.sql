-- Queues are tables and work: send, read with a visibility timeout, archive, delete. Simplified: a partitioned queue is an
-- ordinary one, and polling looks once. Made and owned by whoever creates the extension, as the real one.
create table pgmq.meta (
  queue_name     varchar not null unique,
  is_partitioned boolean not null,
  is_unlogged    boolean not null,
  created_at     timestamptz not null default now()
);
create type pgmq.message_record as (
  msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb
);
create type pgmq.queue_record as (queue_name varchar, is_partitioned boolean, is_unlogged boolean, created_at timestamptz);
create type pgmq.metrics_result as (
  queue_name text, queue_length bigint, newest_msg_age_sec integer, oldest_msg_age_sec integer, total_messages bigint,
  scrape_time timestamptz
);

create function pgmq.format_table_name(queue_name text, prefix text) returns text language plpgsql as $body$
begin
  if queue_name ~ '\$|;|--|''' then
    raise exception 'queue name contains invalid characters: $, ;, --, or \''';
  end if;
  return lower(prefix || '_' || queue_name);
end
$body$;
create function pgmq.validate_queue_name(queue_name text) returns void language plpgsql as $body$
begin
  if length(queue_name) > 47 then
    raise exception 'queue name is too long, maximum length is 47 characters';
  end if;
end
$body$;

-- what later versions add to a message: name and type of columns, each after a comma
create function pgmq._more() returns text language sql immutable as $body$ select '' $body$;

create function pgmq._create(queue_name text, unlogged boolean) returns void language plpgsql as $body$
declare
  queue   text := pgmq.format_table_name(queue_name, 'q');
  archive text := pgmq.format_table_name(queue_name, 'a');
begin
  perform pgmq.validate_queue_name(queue_name);
  execute format(
    $sql$create %s table if not exists pgmq.%I (
      msg_id bigint primary key generated always as identity, read_ct integer not null default 0,
      enqueued_at timestamptz not null default now(), vt timestamptz not null, message jsonb %s
    )$sql$,
    case when unlogged then 'unlogged' end, queue, pgmq._more()
  );
  execute format(
    $sql$create table if not exists pgmq.%I (
      msg_id bigint primary key, read_ct integer not null default 0, enqueued_at timestamptz not null default now(),
      archived_at timestamptz not null default now(), vt timestamptz not null, message jsonb %s
    )$sql$,
    archive, pgmq._more()
  );
  execute format('create index if not exists %I on pgmq.%I (vt)', queue || '_vt_idx', queue);
  execute format('create index if not exists %I on pgmq.%I (archived_at)', 'archived_at_idx_' || queue_name, archive);
  insert into pgmq.meta (queue_name, is_partitioned, is_unlogged) values (queue_name, false, unlogged) on conflict do nothing;
end
$body$;
create function pgmq.create_non_partitioned(queue_name text) returns void language sql as $body$
  select pgmq._create($1, false)
$body$;
create function pgmq.create(queue_name text) returns void language sql as $body$ select pgmq._create($1, false) $body$;
create function pgmq.create_unlogged(queue_name text) returns void language sql as $body$ select pgmq._create($1, true) $body$;
create function pgmq.create_partitioned(
  queue_name text, partition_interval text default '10000', retention_interval text default '100000'
) returns void language sql as $body$ select pgmq._create($1, false) $body$;
comment on function pgmq.create_partitioned(text, text, text) is 'pretends: the queue has no partitions';

create function pgmq.send_batch(queue_name text, msgs jsonb[], delay timestamptz) returns setof bigint language plpgsql as $body$
begin
  return query execute format(
    'insert into pgmq.%I (vt, message) select $1, unnest($2) returning msg_id', pgmq.format_table_name(queue_name, 'q')
  ) using delay, msgs;
end
$body$;
create function pgmq.send_batch(queue_name text, msgs jsonb[], delay integer default 0) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, $2, clock_timestamp() + make_interval(secs => $3))
$body$;
create function pgmq.send(queue_name text, msg jsonb, delay timestamptz) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, array[$2], $3)
$body$;
create function pgmq.send(queue_name text, msg jsonb, delay integer default 0) returns setof bigint language sql as $body$
  select pgmq.send_batch($1, array[$2], $3)
$body$;

create function pgmq._read(queue_name text, vt integer, qty integer, conditional jsonb)
returns setof pgmq.message_record language plpgsql as $body$
begin
  return query execute format(
    $sql$update pgmq.%1$I as queued set vt = clock_timestamp() + make_interval(secs => $1), read_ct = read_ct + 1
    from (
      select msg_id from pgmq.%1$I where vt <= clock_timestamp() and ($3 = '{}' or message @> $3)
      order by msg_id limit $2 for update skip locked
    ) as next
    where queued.msg_id = next.msg_id
    returning queued.*$sql$,
    pgmq.format_table_name(queue_name, 'q')
  ) using vt, qty, conditional;
end
$body$;
create function pgmq.read(queue_name text, vt integer, qty integer) returns setof pgmq.message_record language sql as $body$
  select pgmq._read($1, $2, $3, '{}')
$body$;
create function pgmq.read_with_poll(
  queue_name text, vt integer, qty integer, max_poll_seconds integer default 5, poll_interval_ms integer default 100
) returns setof pgmq.message_record language sql as $body$ select pgmq._read($1, $2, $3, '{}') $body$;

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
  return query execute format(
    $sql$with taken as (delete from pgmq.%I where msg_id = any ($1) returning *)
    insert into pgmq.%I (msg_id, read_ct, enqueued_at, vt, message %s)
    select msg_id, read_ct, enqueued_at, vt, message %3$s from taken returning msg_id$sql$,
    pgmq.format_table_name(queue_name, 'q'), pgmq.format_table_name(queue_name, 'a'), replace(pgmq._more(), ' jsonb', '')
  ) using msg_ids;
end
$body$;
create function pgmq.archive(queue_name text, msg_id bigint) returns boolean language sql as $body$
  select exists (select from pgmq.archive($1, array[$2]))
$body$;
create function pgmq.pop(queue_name text) returns setof pgmq.message_record language plpgsql as $body$
begin
  return query execute format(
    $sql$delete from pgmq.%1$I where msg_id = (
      select msg_id from pgmq.%1$I where vt <= clock_timestamp() order by msg_id limit 1 for update skip locked
    ) returning *$sql$,
    pgmq.format_table_name(queue_name, 'q')
  );
end
$body$;
create function pgmq.set_vt(queue_name text, msg_id bigint, vt integer) returns setof pgmq.message_record language plpgsql as $body$
begin
  return query execute format(
    'update pgmq.%I set vt = clock_timestamp() + make_interval(secs => $1) where msg_id = $2 returning *',
    pgmq.format_table_name(queue_name, 'q')
  ) using vt, msg_id;
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
create function pgmq.detach_archive(queue_name text) returns void language sql as $body$ select $body$;
create function pgmq.drop_queue(queue_name text, partitioned boolean default false) returns boolean language plpgsql as $body$
begin
  execute format(
    'drop table if exists pgmq.%I, pgmq.%I', pgmq.format_table_name(queue_name, 'q'), pgmq.format_table_name(queue_name, 'a')
  );
  delete from pgmq.meta m where m.queue_name = drop_queue.queue_name;
  return found;
end
$body$;
create function pgmq.list_queues() returns setof pgmq.queue_record language sql stable as $body$
  select queue_name, is_partitioned, is_unlogged, created_at from pgmq.meta
$body$;
create function pgmq._count(
  queue_name text, out queue_length bigint, out visible bigint, out newest integer, out oldest integer, out sent bigint
)
language plpgsql as $body$
declare
  queue text := pgmq.format_table_name(queue_name, 'q');
begin
  execute format(
    $sql$select count(*), count(*) filter (where vt <= now()), extract(epoch from now() - max(enqueued_at))::integer,
      extract(epoch from now() - min(enqueued_at))::integer,
      (select case when is_called then last_value else 0 end from pgmq.%I)
    from pgmq.%I$sql$,
    queue || '_msg_id_seq', queue
  ) into queue_length, visible, newest, oldest, sent;
end
$body$;
create function pgmq.metrics(queue_name text) returns pgmq.metrics_result language sql as $body$
  select row ($1, counted.queue_length, counted.newest, counted.oldest, counted.sent, now())::pgmq.metrics_result
  from pgmq._count($1) as counted
$body$;
create function pgmq.metrics_all() returns setof pgmq.metrics_result language sql as $body$
  select pgmq.metrics(queue_name) from pgmq.meta
$body$;
grant usage on schema pgmq to pg_monitor;
grant select on all tables in schema pgmq to pg_monitor;
