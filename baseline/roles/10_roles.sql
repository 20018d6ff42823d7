-- The roles of a Supabase project, once per cluster. Run as `supabase_admin`, a superuser.
-- Runs any number of times. A role that exists keeps its attributes and its settings: on a server that has some of these
-- roles already (an image of Supabase's) only what is missing is added, so a `postgres` that the server was initialised
-- with stays the superuser that it is. On somebody's own server, `set seatrial.roles = 'kept'` leaves roles that were
-- there wholly alone: what is made here is marked by a comment, and nothing is given to, or taken into, any other role.
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
      -- each service's own role, owner of the tables of its schema
      ('supabase_auth_admin',        'login noinherit createrole'),
      ('supabase_storage_admin',     'login noinherit createrole'),
      ('supabase_functions_admin',   'login noinherit createrole'),
      ('supabase_realtime_admin',    'login noinherit createrole replication'),
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
    where not exists (select from pg_roles where rolname = role.name)
  loop
    execute format('create role %I with %s', wanted.name, wanted.attributes);
    if current_setting('seatrial.roles', true) = 'kept' then
      execute format('comment on role %I is %L', wanted.name, 'made by seatrial, goes with its run');
    end if;
  end loop;
end
$roles$;

do $grants$
declare
  kept    constant boolean := coalesce(current_setting('seatrial.roles', true) = 'kept', false);
  version constant integer := current_setting('server_version_num')::integer / 10000;
  wanted  record;
begin
  for wanted in
    select given, taker, owner_only
    from (values
      ('anon, authenticated, service_role',              'authenticator',           false),
      ('anon, authenticated, service_role',              'postgres',                true),
      ('authenticator',                                  'supabase_storage_admin',  false),
      ('supabase_functions_admin',                       'postgres',                false),
      ('pg_create_subscription',                         'postgres',                false),  -- Postgres 16 and later
      ('pg_monitor, pg_read_all_data, pg_signal_backend', 'postgres',              true),
      ('pg_read_all_data',                               'supabase_read_only_user', false)
    ) as membership (roles, taker, owner_only), regexp_split_to_table(roles, ', ') as given
    where to_regrole(given) is not null and (
      not kept
      or 'made by seatrial, goes with its run' in (
        shobj_description(to_regrole(given), 'pg_authid'), shobj_description(taker::regrole, 'pg_authid')
      )
    )
  loop
    execute format(
      'grant %I to %I%s', wanted.given, wanted.taker,
      -- from Postgres 16 on CREATEROLE alone may not hand out a role; a project's owner can still hand out these
      case when wanted.owner_only and version >= 16 then ' with admin option' else '' end
    );
  end loop;
end
$grants$;
do $login$
begin
  if current_setting('server_version_num')::integer >= 160000
    and current_setting('seatrial.roles', true) is distinct from 'kept'
  then
    grant authenticator to postgres with admin option;
  end if;
end
$login$;

-- Not granted, since April 2025: supabase_auth_admin, supabase_storage_admin and supabase_realtime_admin to postgres. What
-- the owner may do to those services' tables is said by grants, and for policies by a library (supautils) that is not here.
