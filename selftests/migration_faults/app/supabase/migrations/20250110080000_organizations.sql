-- Who there is: organizations, the people in them, and what a person is called.
-- Nothing is open to the API's callers unless a migration says so.
alter default privileges for role postgres in schema public
  revoke all on tables from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke all on sequences from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke all on functions from anon, authenticated, service_role;

create schema private;
grant usage on schema private to authenticated, service_role;

create table public.plans (
  id    text primary key,
  label text not null
);
insert into public.plans (id, label) values ('free', 'Free'), ('pro', 'Professional');

create table public.organizations (
  id         uuid primary key default gen_random_uuid(),
  name       text not null,
  slug       text not null default 'org-' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12),
  plan       text not null default 'free' references public.plans (id),
  settings   json not null default '{}',
  created_at timestamptz not null default now()
);
create unique index organizations_slug_key on public.organizations (slug);

create table public.profiles (
  id           uuid primary key references auth.users (id) on delete cascade,
  display_name varchar(80),
  email        text,
  locale       text
);

create type public.member_role as enum ('owner', 'member');
create table public.members (
  organization_id uuid not null references public.organizations (id) on delete cascade,
  user_id         uuid not null references auth.users (id) on delete cascade,
  role            public.member_role not null default 'member',
  primary key (organization_id, user_id)
);
create index members_user_id_idx on public.members (user_id);

-- Policies ask this one. It runs as its owner, so that reading members inside a policy of members does not recurse.
create function private.my_organizations() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select m.organization_id from public.members m where m.user_id = (select auth.uid())
$$;
revoke execute on function private.my_organizations() from public;
grant execute on function private.my_organizations() to authenticated, service_role;

alter table public.plans enable row level security;
alter table public.organizations enable row level security;
alter table public.profiles enable row level security;
alter table public.members enable row level security;
create policy "everybody signed in sees the plans" on public.plans for select to authenticated using (true);
create policy "members see their organization" on public.organizations
  for select to authenticated using (id in (select private.my_organizations()));
create policy "members name their organization" on public.organizations
  for update to authenticated
  using (id in (select private.my_organizations())) with check (id in (select private.my_organizations()));
create policy "people see themselves" on public.profiles
  for select to authenticated using (id = (select auth.uid()));
create policy "people edit themselves" on public.profiles
  for update to authenticated using (id = (select auth.uid())) with check (id = (select auth.uid()));
create policy "members see who else is in" on public.members
  for select to authenticated using (organization_id in (select private.my_organizations()));
grant select on public.plans, public.organizations, public.profiles, public.members to authenticated;
grant update (name) on public.organizations to authenticated;
grant update (display_name, locale) on public.profiles to authenticated;
grant all on public.plans, public.organizations, public.profiles, public.members to service_role;
