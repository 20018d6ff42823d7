create table public.profiles (
  id         uuid primary key references auth.users (id) on delete cascade,
  email      text,
  full_name  text,
  avatar_url text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.profiles is 'One row for each person who signed up; made by handle_new_user.';

alter table public.profiles enable row level security;
grant select, update (full_name, avatar_url) on public.profiles to authenticated;
grant all on public.profiles to service_role;

create policy "people see their own profile" on public.profiles
  for select to authenticated using (id = (select auth.uid()));
create policy "people edit their own profile" on public.profiles
  for update to authenticated using (id = (select auth.uid())) with check (id = (select auth.uid()));
