-- Schema storage: the tables and functions that policies and migrations name. Columns are those of the storage server
-- (supabase/storage). No files are stored anywhere.
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
-- Supabase's own image holds both tables as the storage server first made them.
alter table storage.buckets
  add column if not exists public             boolean default false,
  add column if not exists avif_autodetection boolean default false,
  add column if not exists file_size_limit    bigint,
  add column if not exists allowed_mime_types text[],
  add column if not exists owner_id           text,
  add column if not exists type               storage.buckettype not null default 'STANDARD',
  add column if not exists versioning_status  text not null default 'DISABLED',
  drop constraint if exists buckets_owner_fkey;
create unique index if not exists bname on storage.buckets (name);
do $versioning$
begin
  if not exists (select from pg_constraint where conname = 'buckets_versioning_status_check') then
    alter table storage.buckets
      add constraint buckets_versioning_status_check check (versioning_status in ('DISABLED', 'ENABLED', 'SUSPENDED')),
      add constraint buckets_versioning_standard_only_check check (type = 'STANDARD' or versioning_status = 'DISABLED'),
      -- nobody can turn it on yet
      add constraint buckets_versioning_dark_check check (versioning_status = 'DISABLED');
  end if;
end
$versioning$;

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
alter table storage.objects
  add column if not exists path_tokens text[] generated always as (string_to_array(name, '/')) stored,
  add column if not exists version          text,
  add column if not exists owner_id         text,
  add column if not exists user_metadata    jsonb,
  add column if not exists archived_at      timestamptz,
  add column if not exists is_delete_marker boolean not null default false,
  add column if not exists is_versioned     boolean not null default false,
  alter column id set default gen_random_uuid(),
  drop constraint if exists objects_owner_fkey;
create unique index if not exists bucketid_objname on storage.objects (bucket_id, name);
create index if not exists name_prefix_search on storage.objects (name text_pattern_ops);
create index if not exists idx_objects_bucket_id_name on storage.objects (bucket_id, name collate "C");
create index if not exists idx_objects_bucket_id_name_lower on storage.objects (bucket_id, lower(name) collate "C");

create table if not exists storage.migrations (
  id integer primary key, name varchar(100) not null unique, hash varchar(40) not null, executed_at timestamp default current_timestamp
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
  user_metadata    jsonb,
  metadata         jsonb
);
create index if not exists idx_multipart_uploads_list on storage.s3_multipart_uploads (bucket_id, key, created_at);
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

reset role;
