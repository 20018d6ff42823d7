-- What each role's sessions start with. A setting of anon or authenticated applies at login only, and nobody logs in as
-- them: the API reads these settings and applies them itself, so SET ROLE alone does not give a statement this time limit.
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role supabase_read_only_user set default_transaction_read_only = on;

-- Hosted projects also preload `safeupdate` for authenticator (UPDATE and DELETE need a WHERE); no such library here.

alter role postgres set search_path = "$user", public, extensions;
alter role supabase_admin set search_path = "$user", public, auth, extensions;
alter role supabase_auth_admin set search_path = auth;
alter role supabase_storage_admin set search_path = storage;
