-- The schemas of a project's database and who may use them. A service's schema belongs to the platform, its tables to the
-- service's own role; the project's owner may look, and put triggers and rows there, but creates nothing in them.
do $owner$
begin
  execute format('alter database %I owner to postgres', current_database());
  execute format('grant all on database %I to dashboard_user', current_database());
end
$owner$;

create schema if not exists extensions authorization postgres;
create schema if not exists auth authorization supabase_admin;
create schema if not exists storage authorization supabase_admin;
create schema if not exists realtime authorization supabase_admin;
create schema if not exists _realtime authorization supabase_admin;
create schema if not exists graphql authorization supabase_admin;
create schema if not exists graphql_public authorization supabase_admin;
create schema if not exists vault authorization supabase_admin;
create schema if not exists supabase_functions authorization supabase_admin;
create schema if not exists supabase_migrations authorization postgres;
-- named by the dumps of older projects; empty here
create schema if not exists pgbouncer authorization pgbouncer;
create schema if not exists pgsodium authorization supabase_admin;

alter schema public owner to pg_database_owner;
grant usage, create on schema public to postgres;
grant usage on schema public, extensions, auth, storage, realtime, graphql, graphql_public, supabase_functions
  to postgres, anon, authenticated, service_role;
grant usage on schema storage, realtime, graphql, graphql_public, vault to postgres with grant option;
grant usage on schema vault to service_role;
grant all on schema auth, storage, extensions to dashboard_user;
grant all on schema auth to supabase_auth_admin;
grant all on schema storage to supabase_storage_admin;
grant all on schema realtime to supabase_realtime_admin with grant option;
grant all on schema supabase_functions to supabase_functions_admin;
-- Supabase's own image comes with what was so until April 2025.
revoke create on schema auth, storage, realtime from postgres;
