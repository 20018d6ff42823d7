-- A table whose owner is an ordinary role: FORCE is what holds that owner, and what it runs for others, to the policies.
do $role$
begin
  if not exists (select from pg_roles where rolname = 'app_owner') then
    create role app_owner nologin;
  end if;
end
$role$;
grant usage on schema public, private to app_owner;
grant usage on schema auth to app_owner;
grant references on public.orgs, auth.users to app_owner;
grant execute on function private.my_orgs(), private.keep_author() to app_owner;
create table public.jobs (
  id         uuid primary key default gen_random_uuid(),
  org_id     uuid not null references public.orgs (id) on delete cascade,
  title      text not null,
  created_by uuid not null default auth.uid() references auth.users (id) on delete cascade,
  created_at timestamptz not null default now()
);
create index jobs_org on public.jobs (org_id);
create index jobs_created_by on public.jobs (created_by);
@work(public.jobs)
create policy jobs_owner on public.jobs for select to app_owner using (org_id in (select private.my_orgs()));
create function public.job_titles() returns setof text language sql stable security definer set search_path = '' as $body$
  select j.title from public.jobs j
$body$;
revoke all on function public.job_titles() from public, anon;
grant execute on function public.job_titles() to authenticated, service_role;
alter table public.jobs owner to app_owner;
grant create on schema public to app_owner;
alter function public.job_titles() owner to app_owner;
revoke create on schema public from app_owner;
