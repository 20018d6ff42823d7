-- pretends: every function is found faultless.
create function plpgsql_check_function(
  funcoid regprocedure, relid regclass default 0, format text default 'text', fatal_errors boolean default true,
  other_warnings boolean default true, performance_warnings boolean default false, extra_warnings boolean default true,
  security_warnings boolean default false, compatibility_warnings boolean default false,
  oldtable name default null, newtable name default null
) returns setof text language sql as $body$ select ''::text where false $body$;
create function plpgsql_check_function(
  name text, relid regclass default 0, format text default 'text', fatal_errors boolean default true,
  other_warnings boolean default true, performance_warnings boolean default false, extra_warnings boolean default true,
  security_warnings boolean default false, compatibility_warnings boolean default false,
  oldtable name default null, newtable name default null
) returns setof text language sql as $body$ select ''::text where false $body$;
create function plpgsql_check_function_tb(
  funcoid regprocedure, relid regclass default 0, fatal_errors boolean default true, other_warnings boolean default true,
  performance_warnings boolean default false, extra_warnings boolean default true, security_warnings boolean default false,
  compatibility_warnings boolean default false, oldtable name default null, newtable name default null
) returns table (
  functionid regproc, lineno integer, statement text, sqlstate text, message text, detail text, hint text, level text,
  "position" integer, query text, context text
) language sql as $body$
  select null::regproc, 0, '', '', '', '', '', '', 0, '', '' where false
$body$;

do $pretending$
declare
  made record;
begin
  for made in
    select p.oid::regprocedure as name from pg_proc p
    where p.pronamespace = '@extschema@'::regnamespace and p.proname ~ '^plpgsql_check_function'
  loop
    execute format('comment on function %s is %L', made.name, 'pretends: every function is found faultless');
  end loop;
end
$pretending$;
