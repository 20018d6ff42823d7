-- The regime since 2026-10-30: what `postgres` creates in public is not granted to the API's callers; migrations say GRANT.
-- Two residues of the older regime stay, as on a project:
--   * a new table still gives anon, authenticated and service_role REFERENCES, TRIGGER and TRUNCATE;
--   * a new function can still be executed by everybody, because Postgres itself grants EXECUTE to PUBLIC, and a revoke
--     limited to a schema cannot take that away.
-- What `supabase_admin` creates keeps the older grants.
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

alter default privileges for role postgres in schema public
  revoke select, insert, update, delete on tables from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke usage, select on sequences from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke execute on functions from anon, authenticated, service_role;
