-- The roles of a Supabase project, once per cluster. Run as the cluster's bootstrap superuser, which must be `supabase_admin`.
-- Runs any number of times: a role that exists gets its attributes back.
do $roles$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      -- the project owner's role: owns what migrations create, reads every row, is no superuser
      ('postgres',                   'login createdb createrole replication bypassrls'),
      -- the API's three callers; nobody logs in as one of them
      ('anon',                       'nologin'),
      ('authenticated',              'nologin'),
      ('service_role',               'nologin bypassrls'),
      -- the API's login; it becomes one of the three with SET ROLE, and has nothing of its own
      ('authenticator',              'login noinherit'),
      -- each service's own role, owner of its schema
      ('supabase_auth_admin',        'login noinherit createrole'),
      ('supabase_storage_admin',     'login noinherit createrole'),
      ('supabase_functions_admin',   'login noinherit createrole'),
      ('supabase_realtime_admin',    'nologin noinherit'),
      ('supabase_replication_admin', 'login replication'),
      ('supabase_etl_admin',         'login replication'),
      ('supabase_read_only_user',    'login bypassrls'),
      ('dashboard_user',             'nologin createdb createrole replication'),
      -- exist so that dumps which name them can be restored; they do nothing here
      ('pgbouncer',                  'login'),
      ('supabase_privileged_role',   'nologin'),
      ('pgsodium_keyholder',         'nologin'),
      ('pgsodium_keyiduser',         'nologin'),
      ('pgsodium_keymaker',          'nologin')
    ) as role (name, attributes)
  loop
    if not exists (select from pg_roles where rolname = wanted.name) then
      execute format('create role %I', wanted.name);
    end if;
    execute format('alter role %I with %s', wanted.name, wanted.attributes);
  end loop;
end
$roles$;

alter role postgres with nosuperuser;  -- roles-replay/superuser.sql says when this is taken back

grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role to postgres;
grant anon, authenticated, service_role, authenticator to supabase_storage_admin;
grant supabase_functions_admin, supabase_realtime_admin to postgres;
grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres;
grant pg_read_all_data to supabase_read_only_user;
