-- Schema storage: the tables and functions that policies and migrations name. No files are stored anywhere, and the
-- trigger that forbids deleting rows by hand is left out.
set role supabase_storage_admin;

do $type$
begin
  if to_regtype('storage.buckettype') is null then
    create type storage.buckettype as enum ('STANDARD', 'ANALYTICS', 'VECTOR');
  end if;
end
$type$;

create table if not exists storage.buckets (
  id                 text primary key,
  name               text not null,
  owner              uuid,  -- no longer filled; owner_id is
  created_at         timestamptz default now(),
  updated_at         timestamptz default now(),
  public             boolean default false,
  avif_autodetection boolean default false,
  file_size_limit    bigint,
  allowed_mime_types text[],
  owner_id           text,
  type               storage.buckettype not null default 'STANDARD',
  versioning_status  text not null default 'DISABLED'
);
create unique index if not exists bname on storage.buckets (name);

create table if not exists storage.objects (
  id               uuid primary key default gen_random_uuid(),
  bucket_id        text constraint "objects_bucketId_fkey" references storage.buckets (id),
  name             text,
  owner            uuid,  -- no longer filled; owner_id is
  created_at       timestamptz default now(),
  updated_at       timestamptz default now(),
  last_accessed_at timestamptz default now(),
  metadata         jsonb,
  path_tokens      text[] generated always as (string_to_array(name, '/')) stored,
  version          text,
  owner_id         text,
  user_metadata    jsonb,
  archived_at      timestamptz,
  is_delete_marker boolean not null default false,
  is_versioned     boolean not null default false
);
create unique index if not exists bucketid_objname on storage.objects (bucket_id, name);
create index if not exists name_prefix_search on storage.objects (name text_pattern_ops);

create table if not exists storage.migrations (
  id integer primary key, name varchar(100) not null unique, hash varchar(40) not null, executed_at timestamp default now()
);
create table if not exists storage.s3_multipart_uploads (
  id               text primary key,
  in_progress_size bigint not null default 0,
  upload_signature text not null,
  bucket_id        text not null references storage.buckets (id),
  key              text not null collate "C",
  version          text not null,
  owner_id         text,
  created_at       timestamptz not null default now(),
  user_metadata    jsonb
);
create table if not exists storage.s3_multipart_uploads_parts (
  id          uuid primary key default gen_random_uuid(),
  upload_id   text not null references storage.s3_multipart_uploads (id) on delete cascade,
  size        bigint not null default 0,
  part_number integer not null,
  bucket_id   text not null references storage.buckets (id),
  key         text not null collate "C",
  etag        text not null,
  owner_id    text,
  version     text not null,
  created_at  timestamptz not null default now()
);

alter table storage.buckets enable row level security;
alter table storage.objects enable row level security;
alter table storage.migrations enable row level security;
alter table storage.s3_multipart_uploads enable row level security;
alter table storage.s3_multipart_uploads_parts enable row level security;
grant all on storage.buckets, storage.objects to postgres, anon, authenticated, service_role;
grant all on storage.s3_multipart_uploads, storage.s3_multipart_uploads_parts to postgres, service_role;
grant select on storage.s3_multipart_uploads, storage.s3_multipart_uploads_parts to anon, authenticated;

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

-- pretends: lists by prefix only; levels, search and sort order are accepted and ignored
create or replace function storage.search(
  prefix text, bucketname text, limits integer default 100, levels integer default 1, offsets integer default 0,
  search text default '', sortcolumn text default 'name', sortorder text default 'asc'
) returns table (name text, id uuid, updated_at timestamptz, created_at timestamptz, last_accessed_at timestamptz, metadata jsonb)
language sql stable as $body$
  select o.name, o.id, o.updated_at, o.created_at, o.last_accessed_at, o.metadata
  from storage.objects o
  where o.bucket_id = bucketname and starts_with(o.name, prefix)
  order by o.name limit limits offset offsets
$body$;

create or replace function storage.update_updated_at_column() returns trigger language plpgsql as $body$
begin
  new.updated_at := now();
  return new;
end
$body$;
create or replace trigger update_objects_updated_at before update on storage.objects
  for each row execute function storage.update_updated_at_column();

reset role;
-- Policies on storage.objects are written by the project owner; on a project supautils allows that without ownership.
grant supabase_storage_admin to postgres with inherit true, set true;
