create type public.provisioning_status as enum ('pending', 'running', 'done', 'error');

create table public.provisioning_events (
  id              bigint primary key generated always as identity,
  organization_id uuid not null references public.organizations (id) on delete cascade,
  kind            text not null check (kind in ('organization.created', 'organization.deleted', 'plan.changed')),
  status          public.provisioning_status not null default 'pending',
  last_error      text,
  created_at      timestamptz not null default now(),
  finished_at     timestamptz
);
comment on table public.provisioning_events is 'Work for the provisioner, which gives each organization its own database.';
create index provisioning_events_organization_id_idx on public.provisioning_events (organization_id);
create index provisioning_events_open_idx on public.provisioning_events (created_at) where status in ('pending', 'running');

alter table public.provisioning_events enable row level security;
grant select (id, organization_id, kind, status, created_at, finished_at) on public.provisioning_events to authenticated;
grant all on public.provisioning_events to service_role;

create policy "owners and admins follow provisioning" on public.provisioning_events
  for select to authenticated using (organization_id in (select private.organization_ids_i_am('{owner,admin}')));
