-- pretends: a hypertable is the ordinary table that it was; policies are accepted and never run. Exact: time_bucket of
-- whole seconds to weeks.
create function create_hypertable(
  relation regclass, time_column_name name, partitioning_column name default null, number_partitions integer default null,
  associated_schema_name name default null, associated_table_prefix name default null,
  chunk_time_interval anyelement default null::bigint, create_default_indexes boolean default true,
  if_not_exists boolean default false, partitioning_func regproc default null, migrate_data boolean default false,
  chunk_target_size text default null, chunk_sizing_func regproc default null, time_partitioning_func regproc default null
) returns table (hypertable_id integer, schema_name name, table_name name, created boolean) language sql as $body$
  select 1, n.nspname, c.relname, true from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = relation
$body$;
create type dimension_info as (column_name name);
create function by_range(column_name name, partition_interval anyelement default null::bigint, partition_func regproc default null)
returns dimension_info language sql immutable as $body$ select row (column_name)::@extschema@.dimension_info $body$;
create function create_hypertable(
  relation regclass, dimension dimension_info, create_default_indexes boolean default true, if_not_exists boolean default false,
  migrate_data boolean default false
) returns table (hypertable_id integer, created boolean) language sql as $body$ select 1, true $body$;
create function add_retention_policy(
  relation regclass, drop_after anyelement, if_not_exists boolean default false, schedule_interval interval default null
) returns integer language sql as $body$ select 1 $body$;
create function remove_retention_policy(relation regclass, if_exists boolean default false) returns void
language sql as $body$ select $body$;
create function add_compression_policy(
  hypertable regclass, compress_after anyelement, if_not_exists boolean default false, schedule_interval interval default null
) returns integer language sql as $body$ select 1 $body$;
create function time_bucket(bucket_width interval, ts timestamptz) returns timestamptz language sql immutable strict as $body$
  select date_bin(bucket_width, ts, '2000-01-03 00:00:00+00')
$body$;
create function time_bucket(bucket_width interval, ts timestamp) returns timestamp language sql immutable strict as $body$
  select date_bin(bucket_width, ts, '2000-01-03')
$body$;
create function time_bucket(bucket_width bigint, ts bigint) returns bigint language sql immutable strict as $body$
  select ts - ((ts % bucket_width) + bucket_width) % bucket_width
$body$;

do $pretending$
declare
  made record;
begin
  for made in
    select p.oid::regprocedure as name, p.proname = 'create_hypertable' as hyper from pg_proc p
    where p.pronamespace = '@extschema@'::regnamespace
      and p.proname in ('create_hypertable', 'add_retention_policy', 'add_compression_policy')
  loop
    execute format(
      'comment on function %s is %L', made.name,
      case when made.hyper then 'pretends: the table stays an ordinary one' else 'pretends: the policy never runs' end
    );
  end loop;
end
$pretending$;
