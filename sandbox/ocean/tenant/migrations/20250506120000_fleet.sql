-- Every organization's own database begins with its fleet.
create table public.boats (
  id         bigint generated always as identity primary key,
  name       text not null,
  berths     smallint not null check (berths > 0),
  created_at timestamptz not null default now()
);
