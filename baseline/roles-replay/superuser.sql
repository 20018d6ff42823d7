-- Only for a throwaway cluster in which somebody's migrations are replayed; never for the sandbox.
-- Hosted Postgres lets `postgres` do a list of things that stock Postgres keeps for superusers: creating untrusted
-- extensions, ALTER ROLE … SET of reserved settings, SET session_replication_role. The library that allows them (supautils)
-- does not exist here, and without it four in ten real projects that replay on Supabase stop with "permission denied".
-- The price: such a replay cannot notice a statement that hosted Postgres refuses for lack of ownership or privilege.
do $superuser$
begin
  if not (select rolsuper from pg_roles where rolname = 'postgres') and (
    current_setting('seatrial.roles', true) is distinct from 'kept'
    or shobj_description('postgres'::regrole, 'pg_authid') = 'made by seatrial, goes with its run'
  ) then
    alter role postgres with superuser;
  end if;
end
$superuser$;
