-- What new objects in the platform's own schemas are granted. Schema public has two regimes, in ../privileges.
do $defaults$
declare
  wanted record;
  kind   text;
begin
  for wanted in
    select * from (values
      ('storage',            'postgres',            'postgres, anon, authenticated, service_role'),
      ('graphql',            'supabase_admin',      'postgres, anon, authenticated, service_role'),
      ('graphql_public',     'supabase_admin',      'postgres, anon, authenticated, service_role'),
      ('supabase_functions', 'supabase_admin',      'postgres, anon, authenticated, service_role'),
      ('auth',               'supabase_auth_admin', 'postgres, dashboard_user'),
      ('realtime',           'supabase_admin',      'postgres, dashboard_user')
    ) as regime (home, creator, grantees)
  loop
    foreach kind in array array['tables', 'sequences', 'routines'] loop
      execute format(
        'alter default privileges for role %I in schema %I grant all on %s to %s',
        wanted.creator, wanted.home, kind, wanted.grantees
      );
    end loop;
  end loop;
  foreach kind in array array['tables', 'sequences', 'routines'] loop
    execute format(
      'alter default privileges for role supabase_admin in schema extensions grant all on %s to postgres with grant option',
      kind
    );
  end loop;
end
$defaults$;
