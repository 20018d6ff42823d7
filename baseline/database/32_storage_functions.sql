-- Schema storage, part two: what policies and migrations call.
set role supabase_storage_admin;

-- 'a/b/c.png': {a,b} · c.png · png
create or replace function storage.foldername(name text) returns text[] language sql immutable as $body$
  select (string_to_array(name, '/'))[:cardinality(string_to_array(name, '/')) - 1]
$body$;
create or replace function storage.filename(name text) returns text language sql immutable as $body$
  select split_part(name, '/', -1)
$body$;
create or replace function storage.extension(name text) returns text language sql immutable as $body$
  select split_part(split_part(name, '/', -1), '.', -1)
$body$;

create or replace function storage.get_size_by_bucket() returns table (size bigint, bucket_id text) language sql stable as $body$
  select sum((o.metadata ->> 'size')::bigint)::bigint, o.bucket_id from storage.objects o group by o.bucket_id
$body$;

-- the operation that the storage server is at: storage.object.upload, storage.object.list …
create or replace function storage.operation() returns text language plpgsql stable as $body$
begin
  return current_setting('storage.operation', true);
end
$body$;
create or replace function storage.allow_any_operation(expected_operations text[]) returns boolean language sql stable as $body$
  select exists (
    select
    from unnest(expected_operations) as expected
    where regexp_replace(expected, '^storage[.]', '') = regexp_replace(storage.operation(), '^storage[.]', '')
      and regexp_replace(expected, '^storage[.]', '') <> ''
  )
$body$;
create or replace function storage.allow_only_operation(expected_operation text) returns boolean language sql stable as $body$
  select storage.allow_any_operation(array[expected_operation])
$body$;

-- whether the caller's policies would let it store this object: always an error, PT200 when they would
create or replace function storage.can_insert_object(bucketid text, name text, owner uuid, metadata jsonb)
returns void language plpgsql as $body$
begin
  insert into storage.objects (bucket_id, name, owner, metadata) values (bucketid, name, owner, metadata);
  raise sqlstate 'PT200' using message = 'ROLLBACK', detail = 'rollback successful insert';
end
$body$;

-- What the storage server itself has made is better, and stays. Levels, search and sort order are accepted and ignored.
do $search$
begin
  if to_regprocedure('storage.search(text, text, integer, integer, integer, text, text, text)') is not null then
    return;
  end if;
  drop function if exists storage.search(text, text, integer, integer, integer);  -- the server's first one
  create function storage.search(
    prefix text, bucketname text, limits integer default 100, levels integer default 1, offsets integer default 0,
    search text default '', sortcolumn text default 'name', sortorder text default 'asc'
  ) returns table (
    name text, id uuid, updated_at timestamptz, created_at timestamptz, last_accessed_at timestamptz, metadata jsonb
  ) language sql stable as $body$
    select o.name, o.id, o.updated_at, o.created_at, o.last_accessed_at, o.metadata
    from storage.objects o
    where o.bucket_id = bucketname and starts_with(o.name, prefix)
    order by o.name limit limits offset offsets
  $body$;
  comment on function storage.search(text, text, integer, integer, integer, text, text, text)
    is 'pretends: lists by prefix only';
end
$search$;

create or replace function storage.update_updated_at_column() returns trigger language plpgsql as $body$
begin
  new.updated_at := now();
  return new;
end
$body$;
create or replace trigger update_objects_updated_at before update on storage.objects
  for each row execute function storage.update_updated_at_column();

-- Rows go only through the storage server, which removes the file too; a DELETE by hand leaves a file that nobody finds.
create or replace function storage.protect_delete() returns trigger language plpgsql as $body$
begin
  if current_setting('storage.allow_delete_query', true) is distinct from 'true' then
    raise exception 'Direct deletion from storage tables is not allowed. Use the Storage API instead.'
      using errcode = 'insufficient_privilege', hint = 'This prevents accidental data loss from orphaned objects.';
  end if;
  return null;
end
$body$;
create or replace trigger protect_objects_delete before delete on storage.objects
  for each statement execute function storage.protect_delete();
create or replace trigger protect_buckets_delete before delete on storage.buckets
  for each statement execute function storage.protect_delete();

create or replace function storage.enforce_bucket_name_length() returns trigger language plpgsql as $body$
begin
  if length(new.name) > 100 then
    raise exception 'bucket name "%" is too long (% characters). Max is 100.', new.name, length(new.name);
  end if;
  return new;
end
$body$;
create or replace trigger enforce_bucket_name_length_trigger before insert or update of name on storage.buckets
  for each row execute function storage.enforce_bucket_name_length();

reset role;
