create table public.organization_databases (
  organization_id uuid primary key references public.organizations (id) on delete cascade,
  neon_project_id text not null unique,
  region          text not null,
  host            text not null,
  state           text not null default 'creating' check (state in ('creating', 'ready', 'suspended', 'failed')),
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now()
);
comment on table public.organization_databases is 'Where an organization''s own database is. Its password is kept elsewhere.';

alter table public.organization_databases enable row level security;
grant select (organization_id, region, state, created_at, updated_at) on public.organization_databases to authenticated;
grant all on public.organization_databases to service_role;

create policy "members see the state of their database" on public.organization_databases
  for select to authenticated using (organization_id in (select private.my_organization_ids()));
