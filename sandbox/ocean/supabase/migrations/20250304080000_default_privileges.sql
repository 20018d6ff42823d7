-- Nothing is reachable through the API unless a migration says so. Tables come without grants to the API's callers, and
-- functions without Postgres's own grant to everybody (only the form without IN SCHEMA takes that one away).
alter default privileges for role postgres in schema public
  revoke all on tables from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke all on sequences from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke all on functions from anon, authenticated, service_role;
alter default privileges for role postgres
  revoke execute on functions from public;

-- Functions that policies call live where the API does not look.
create schema private;
grant usage on schema private to authenticated, service_role;
