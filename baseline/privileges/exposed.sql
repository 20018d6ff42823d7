-- The older regime (before 2026-10-30, `[api] auto_expose_new_tables = true`): whatever postgres or supabase_admin creates
-- in public is at once granted to the API's callers.
do $defaults$
declare
  creator text;
  kind    text;
begin
  foreach creator in array array['postgres', 'supabase_admin'] loop
    foreach kind in array array['tables', 'sequences', 'functions'] loop
      execute format(
        'alter default privileges for role %I in schema public grant all on %s to postgres, anon, authenticated, service_role',
        creator, kind
      );
    end loop;
  end loop;
end
$defaults$;
