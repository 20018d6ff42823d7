-- Who is calling: read from what the API sets for each request. The older single settings (request.jwt.claim.sub …) come
-- before the JSON of all claims, and an empty setting counts as none, as on a project.
set role supabase_auth_admin;

create or replace function auth.jwt() returns jsonb language sql stable as $body$
  select coalesce(
    nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')
  )::jsonb
$body$;

create or replace function auth.uid() returns uuid language sql stable as $body$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
  )::uuid
$body$;

create or replace function auth.role() returns text language sql stable as $body$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
  )
$body$;

create or replace function auth.email() returns text language sql stable as $body$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
  )
$body$;

reset role;

-- The project's owner reads and seeds these tables and puts triggers on them; the API's callers see none of them.
do $grants$
declare
  seen record;
begin
  for seen in
    select c.oid::regclass as name, c.relname ~ '^(oauth_|webauthn_|custom_oauth_)' as newer
    from pg_class c where c.relnamespace = 'auth'::regnamespace and c.relkind = 'r'
  loop
    execute format('grant all on %s to postgres, dashboard_user', seen.name);
    -- the authentication server's latest tables have neither
    continue when seen.newer;
    execute format('alter table %s enable row level security', seen.name);
    execute format('grant select on %s to postgres with grant option', seen.name);
  end loop;
end
$grants$;
revoke all on auth.schema_migrations from postgres, dashboard_user;
grant select on auth.schema_migrations to postgres with grant option;
grant all on all sequences in schema auth to postgres, dashboard_user;
grant all on all routines in schema auth to postgres, dashboard_user;
