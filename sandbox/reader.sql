-- The login that looks at a database without being able to change it: catalogs, which everybody may read, and the
-- history of migrations. It sees no row of a customer, and of statements only their form (pg_stat_statements).
create role seatrial_reader login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role seatrial_reader set default_transaction_read_only = on;
grant usage on schema supabase_migrations to seatrial_reader;
grant select on supabase_migrations.schema_migrations to seatrial_reader;
grant usage on schema extensions to seatrial_reader;
grant pg_read_all_stats to seatrial_reader;
-- How far a sequence has come, before it ends; no row of a table is seen with it.
grant select on all sequences in schema public to seatrial_reader;
alter default privileges for role postgres in schema public grant select on sequences to seatrial_reader;
