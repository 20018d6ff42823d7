-- Where the Supabase CLI records which migrations ran (one row a file) and which seed files it loaded.
set role postgres;
create table if not exists supabase_migrations.schema_migrations (
  version text primary key, statements text[], name text, created_by text, idempotency_key text unique, rollback text[]
);
create table if not exists supabase_migrations.seed_files (path text primary key, hash text not null);
reset role;
