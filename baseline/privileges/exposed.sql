-- The older regime (before 2026-10-30, `[api] auto_expose_new_tables = true`): whatever postgres or supabase_admin creates
-- in public, storage or graphql_public is at once granted to the API's callers.
do $defaults$
declare
  home    text;
  creator text;
  kind    text;
begin
  foreach home in array array['public', 'storage', 'graphql_public'] loop
    foreach creator in array array['postgres', 'supabase_admin'] loop
      foreach kind in array array['tables', 'sequences', 'functions'] loop
        execute format(
          'alter default privileges for role %I in schema %I grant all on %s to postgres, anon, authenticated, service_role',
          creator, home, kind
        );
      end loop;
    end loop;
  end loop;
end
$defaults$;
