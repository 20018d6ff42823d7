-- pretends: servers, foreign tables and their options are accepted without a look. A query of such a table fails, because
-- behind each handler is that of postgres_fdw, which finds no Postgres at the other end.
do $wrappers$
declare
  name text;
begin
  foreach name in array array[
    'airtable', 'auth0', 'big_query', 'click_house', 'cognito', 'duckdb', 'firebase', 'hello_world', 'iceberg', 'logflare',
    'mssql', 'redis', 's3', 's3_vectors', 'stripe', 'wasm'
  ] loop
    execute format(
      'create function %I() returns fdw_handler language c as ''$libdir/postgres_fdw'', ''postgres_fdw_handler''',
      name || '_fdw_handler'
    );
    execute format(
      'create function %I(options text[], catalog oid) returns void language plpgsql as ''begin end''', name || '_fdw_validator'
    );
    execute format(
      'create function %I() returns table (name text, version text, author text, website text) language sql immutable as %L',
      name || '_fdw_meta', format('select %L, ''0.0.0'', ''stand-in'', ''''', initcap(name) || 'Fdw')
    );
    execute format(
      'comment on function %I() is %L', name || '_fdw_handler', 'pretends: its foreign tables exist, and cannot be read'
    );
  end loop;
end
$wrappers$;

create table wrappers_fdw_stats (
  fdw_name text primary key, create_times bigint, rows_in bigint, rows_out bigint, bytes_in bigint, bytes_out bigint,
  metadata jsonb, created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);
