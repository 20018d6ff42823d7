-- What a statement really did, asked of the server itself. Used by the catalogue's own tests and by nothing else.
create schema truth;

create table truth.before as
  select n.nspname || '.' || c.relname as name, c.relfilenode as file
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('public', 'private', 'auth') and c.relkind in ('r', 'm', 'i', 'p');

-- the relation has another file than before: it was written anew
create function truth.rewritten(wanted text) returns boolean language sql as $$
  select b.file <> c.relfilenode from truth.before b join pg_class c on c.oid = to_regclass(b.name) where b.name = wanted
$$;

-- this session holds a lock on it that makes others' writes wait
create function truth.locks(wanted text) returns boolean language sql as $$
  select exists (
    select from pg_locks
    where pid = pg_backend_pid() and granted and relation = to_regclass(wanted)
      and mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
  )
$$;

-- this session has read rows of it, one after the other
create function truth.scanned(wanted text) returns boolean language sql as $$
  select pg_stat_get_xact_tuples_returned(to_regclass(wanted)) > 0
$$;

create function truth.changed(wanted text) returns bigint language sql as $$
  select pg_stat_get_xact_tuples_updated(to_regclass(wanted))
$$;

create function truth.count(wanted text) returns bigint language plpgsql as $$
declare
  found bigint;
begin
  execute 'select count(*) from ' || wanted into found;
  return found;
end
$$;

create function truth.has_column(wanted text, named text) returns boolean language sql as $$
  select exists (select from pg_attribute where attrelid = to_regclass(wanted) and attname = named and not attisdropped)
$$;

-- 'ok', or the SQLSTATE with which it ends; nothing of it stays
create function truth.outcome(caller text, person text, sql text, out state text, out rows bigint) language plpgsql as $$
begin
  begin
    perform set_config('request.jwt.claims', json_build_object('sub', person, 'role', caller)::text, true);
    perform set_config('role', caller, true);
    execute sql;
    get diagnostics rows = row_count;
    raise exception using errcode = 'TAKEN';
  exception
    when others then
      state := case sqlstate when 'TAKEN' then 'ok' else sqlstate end;
  end;
end
$$;

create function truth.as_anon(sql text) returns text language sql as $$
  select state from truth.outcome('anon', null, sql)
$$;
create function truth.as_server(sql text) returns text language sql as $$
  select state from truth.outcome('service_role', null, sql)
$$;
-- Ada is in The Dock, where all tasks are; Bo is not
create function truth.as_ada(sql text) returns text language sql as $$
  select state from truth.outcome('authenticated', 'aaaaaaaa-0000-4000-8000-000000000001', sql)
$$;
create function truth.as_bo(sql text) returns text language sql as $$
  select state from truth.outcome('authenticated', 'bbbbbbbb-0000-4000-8000-000000000002', sql)
$$;
create function truth.rows_of_ada(sql text) returns bigint language sql as $$
  select rows from truth.outcome('authenticated', 'aaaaaaaa-0000-4000-8000-000000000001', sql)
$$;
create function truth.rows_of_bo(sql text) returns bigint language sql as $$
  select rows from truth.outcome('authenticated', 'bbbbbbbb-0000-4000-8000-000000000002', sql)
$$;

-- what the authentication server does when somebody signs up
create function truth.sign_up(person text) returns text language sql as $$
  select state from truth.outcome('supabase_auth_admin', null, format(
    'insert into auth.users (id, aud, role, email, raw_user_meta_data, created_at, updated_at) values '
    '(gen_random_uuid(), ''authenticated'', ''authenticated'', ''new@harbour.example'', %L, now(), now())',
    json_build_object('full_name', person)
  ))
$$;
