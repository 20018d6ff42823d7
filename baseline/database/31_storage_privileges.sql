-- Who may do what in schema storage. Files are guarded by policies on storage.objects, which a project writes itself; it
-- owns none of these tables, and a library (supautils) that is not here lets it write policies all the same.
set role supabase_storage_admin;

create table if not exists storage.buckets_analytics (
  name       text not null,
  type       storage.buckettype not null default 'ANALYTICS',
  format     text not null default 'ICEBERG',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  id         uuid primary key default gen_random_uuid(),
  deleted_at timestamptz
);
create unique index if not exists buckets_analytics_unique_name_idx on storage.buckets_analytics (name)
  where deleted_at is null;
create table if not exists storage.buckets_vectors (
  id         text primary key,
  type       storage.buckettype not null default 'VECTOR',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table if not exists storage.vector_indexes (
  id                     text primary key default gen_random_uuid(),
  name                   text not null collate "C",
  bucket_id              text not null references storage.buckets_vectors (id),
  data_type              text not null,
  dimension              integer not null,
  distance_metric        text not null,
  metadata_configuration jsonb,
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now()
);
create unique index if not exists vector_indexes_name_bucket_id_idx on storage.vector_indexes (name, bucket_id);

do $grants$
declare
  seen record;
begin
  for seen in select c.oid::regclass as name from pg_class c where c.relnamespace = 'storage'::regnamespace and c.relkind = 'r' loop
    execute format('alter table %s enable row level security', seen.name);
  end loop;
end
$grants$;
grant all on storage.buckets, storage.objects to postgres with grant option;
grant all on storage.buckets, storage.objects, storage.buckets_analytics to anon, authenticated, service_role;
grant all on storage.s3_multipart_uploads, storage.s3_multipart_uploads_parts to service_role;
grant select on storage.s3_multipart_uploads, storage.s3_multipart_uploads_parts, storage.buckets_vectors,
  storage.vector_indexes to anon, authenticated, service_role;
revoke all on storage.migrations from postgres, anon, authenticated, service_role;

reset role;
