create table public.organizations (
  id         uuid primary key default gen_random_uuid(),
  name       text not null check (char_length(name) between 1 and 120),
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.organizations is 'The tenant: everything that customers own hangs on one of these.';
create index organizations_created_by_idx on public.organizations (created_by);

alter table public.organizations enable row level security;
grant select, update (name) on public.organizations to authenticated;
grant all on public.organizations to service_role;
