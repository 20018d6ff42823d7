-- Tenants and people from another identity service: ids are texts in the token, nothing refers to auth.users.
create function public.requesting_user_id() returns text language sql stable set search_path = '' as $body$
  select nullif(current_setting('request.jwt.claims', true)::json ->> 'sub', '')
$body$;
create function public.requesting_clinic_id() returns text language sql stable set search_path = '' as $body$
  select nullif(current_setting('request.jwt.claims', true)::json ->> 'clinic_id', '')
$body$;
revoke all on function public.requesting_user_id(), public.requesting_clinic_id() from public;
grant execute on function public.requesting_user_id(), public.requesting_clinic_id() to authenticated, service_role;
create table public.patients (
  id         uuid primary key default gen_random_uuid(),
  clinic_id  text not null default public.requesting_clinic_id(),
  full_name  text not null,
  born_on    date not null check (born_on > '1900-01-01'),
  created_at timestamptz not null default now(),
  unique (clinic_id, id)
);
create table public.appointments (
  id         uuid primary key default gen_random_uuid(),
  clinic_id  text not null default public.requesting_clinic_id(),
  patient_id uuid not null,
  doctor     text not null default public.requesting_user_id(),
  starts_at  timestamptz not null,
  ends_at    timestamptz not null,
  foreign key (clinic_id, patient_id) references public.patients (clinic_id, id) on delete cascade,
  check (ends_at > starts_at)
);
create index appointments_patient on public.appointments (clinic_id, patient_id);
create table public.preferences (
  user_id text primary key default public.requesting_user_id(),
  theme   text not null default 'light' check (theme in ('light', 'dark'))
);
alter table public.patients enable row level security;
alter table public.appointments enable row level security;
alter table public.preferences enable row level security;
grant all on public.patients, public.appointments, public.preferences to service_role;
grant select, insert, update, delete on public.patients, public.appointments to authenticated;
grant select, insert, update on public.preferences to authenticated;
create policy patients_all on public.patients to authenticated
  using (clinic_id = (select public.requesting_clinic_id())) with check (clinic_id = (select public.requesting_clinic_id()));
create policy appointments_all on public.appointments to authenticated
  using (clinic_id = (select public.requesting_clinic_id())) with check (clinic_id = (select public.requesting_clinic_id()));
create policy preferences_select on public.preferences for select to authenticated
  using (user_id = (select public.requesting_user_id()));
create policy preferences_insert on public.preferences for insert to authenticated
  with check (user_id = (select public.requesting_user_id()));
create policy preferences_update on public.preferences for update to authenticated
  using (user_id = (select public.requesting_user_id())) with check (user_id = (select public.requesting_user_id()));
