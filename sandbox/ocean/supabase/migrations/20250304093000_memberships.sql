create type public.member_role as enum ('owner', 'admin', 'member');

create table public.memberships (
  organization_id uuid not null references public.organizations (id) on delete cascade,
  user_id         uuid not null references auth.users (id) on delete cascade,
  role            public.member_role not null default 'member',
  created_at      timestamptz not null default now(),
  primary key (organization_id, user_id)
);
comment on table public.memberships is 'Who belongs to which organization, and as what.';
-- the policies ask by person first
create index memberships_user_id_idx on public.memberships (user_id, organization_id, role);

alter table public.memberships enable row level security;
grant select, delete, insert (organization_id, user_id, role), update (role) on public.memberships to authenticated;
grant all on public.memberships to service_role;
