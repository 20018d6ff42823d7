-- Tenancy by a membership table. Its own policies ask functions that are not subject to them.
create table public.memberships (
  org_id     uuid not null references public.orgs (id) on delete cascade,
  user_id    uuid not null references auth.users (id) on delete cascade,
  role       public.member_role not null default 'member',
  created_at timestamptz not null default now(),
  primary key (org_id, user_id)
);
create index memberships_user_id on public.memberships (user_id, org_id);
create function private.my_orgs() returns setof uuid language sql stable security definer set search_path = '' as $body$
  select m.org_id from public.memberships m where m.user_id = (select auth.uid())
$body$;
create function private.orgs_as(roles public.member_role[]) returns setof uuid
language sql stable security definer set search_path = '' as $body$
  select m.org_id from public.memberships m where m.user_id = (select auth.uid()) and m.role = any (roles)
$body$;
revoke all on function private.my_orgs(), private.orgs_as(public.member_role[]) from public;
grant execute on function private.my_orgs(), private.orgs_as(public.member_role[]) to authenticated, service_role;
@guard(public.memberships)
revoke all on public.memberships from anon, authenticated;
grant select, insert, update, delete on public.memberships to authenticated;
grant all on public.memberships to service_role;
create policy memberships_select on public.memberships for select to authenticated using (@mine(org_id));
create policy memberships_insert on public.memberships for insert to authenticated
  with check (@owned(org_id) or (@managed(org_id) and role = 'member'));
create policy memberships_update on public.memberships for update to authenticated
  using (@owned(org_id)) with check (@owned(org_id));
create policy memberships_delete on public.memberships for delete to authenticated
  using (@owned(org_id) or user_id = (select auth.uid()));

-- Whoever makes an organization owns it.
create function private.on_new_org() returns trigger language plpgsql security definer set search_path = '' as $body$
begin
  if new.created_by is not null then
    insert into public.memberships (org_id, user_id, role) values (new.id, new.created_by, 'owner');
  end if;
  return new;
end
$body$;
revoke all on function private.on_new_org() from public;
create trigger on_new_org after insert on public.orgs for each row execute function private.on_new_org();
create function public.create_org(p_name public.short_text) returns uuid
language plpgsql security definer set search_path = '' as $body$
declare
  made uuid;
begin
  if auth.uid() is null then
    raise exception 'sign in first' using errcode = '42501';
  end if;
  insert into public.orgs (name, created_by) values (p_name, auth.uid()) returning id into made;
  return made;
end
$body$;
revoke all on function public.create_org(public.short_text) from public, anon;
grant execute on function public.create_org(public.short_text) to authenticated, service_role;

-- Runs with its owner's rights, and asks for membership itself.
create function public.colleagues(p_org uuid) returns table (user_id uuid, full_name text)
language sql stable security definer set search_path = '' as $body$
  select p.id, p.full_name
  from public.memberships m join public.profiles p on p.id = m.user_id
  where m.org_id = p_org and p_org in (select private.my_orgs())
$body$;
revoke all on function public.colleagues(uuid) from public, anon;
grant execute on function public.colleagues(uuid) to authenticated, service_role;
create function public.leave_org(p_org uuid) returns void
language plpgsql security definer set search_path = '' as $body$
begin
  delete from public.memberships where org_id = p_org and user_id = auth.uid() and role <> 'owner';
  if not found then
    raise exception 'you are no member, or the owner' using errcode = '42501';
  end if;
end
$body$;
revoke all on function public.leave_org(uuid) from public, anon;
grant execute on function public.leave_org(uuid) to authenticated, service_role;
