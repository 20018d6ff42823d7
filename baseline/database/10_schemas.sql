-- The schemas of a project's database and who may use them.
do $owner$
begin
  execute format('alter database %I owner to postgres', current_database());
end
$owner$;

create schema if not exists extensions authorization postgres;
create schema if not exists auth authorization supabase_auth_admin;
create schema if not exists storage authorization supabase_storage_admin;
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
grant usage on schema vault to postgres, service_role;
grant all on schema auth, storage, realtime, extensions to dashboard_user;
-- The project owner may add triggers and policies to auth and storage tables, hence usage, but creates nothing in auth.
grant all on schema storage, realtime, graphql_public, supabase_functions to postgres;
grant all on schema storage to supabase_storage_admin;
