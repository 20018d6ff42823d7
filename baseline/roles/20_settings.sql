-- What each role's sessions start with. A setting of anon or authenticated applies at login only, and nobody logs in as
-- them: the API reads these settings and applies them itself, so SET ROLE alone does not give a statement this time limit.
-- A setting that a role has already stays as it is; under `seatrial.roles = 'kept'` so does every role not made here.
do $settings$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('anon',                    'statement_timeout',             '''3s'''),
      ('authenticated',           'statement_timeout',             '''8s'''),
      ('authenticator',           'statement_timeout',             '''8s'''),
      ('authenticator',           'lock_timeout',                  '''8s'''),
      ('supabase_read_only_user', 'default_transaction_read_only', 'on'),
      ('postgres',                'search_path',                   '"$user", public, extensions'),
      ('supabase_admin',          'search_path',                   '"$user", public, auth, extensions'),
      ('supabase_auth_admin',     'search_path',                   'auth'),
      ('supabase_auth_admin',     'idle_in_transaction_session_timeout', '60000'),
      ('supabase_storage_admin',  'search_path',                   'storage'),
      ('supabase_functions_admin', 'search_path',                  'supabase_functions'),
      ('supabase_realtime_admin', 'search_path',                   'realtime')
    ) as setting (role, name, value)
    where not exists (
      select
      from pg_db_role_setting kept, unnest(kept.setconfig) as entry
      where kept.setrole = setting.role::regrole and kept.setdatabase = 0 and starts_with(entry, setting.name || '=')
    )
    and (
      current_setting('seatrial.roles', true) is distinct from 'kept'
      or shobj_description(setting.role::regrole, 'pg_authid') = 'made by seatrial, goes with its run'
    )
  loop
    execute format('alter role %I set %s = %s', wanted.role, wanted.name, wanted.value);
  end loop;
end
$settings$;

-- Hosted projects also preload `safeupdate` for authenticator (UPDATE and DELETE need a WHERE); no such library here.
