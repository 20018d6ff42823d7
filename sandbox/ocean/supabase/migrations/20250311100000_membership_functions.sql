-- Policies ask these two. They run as their owner, so that reading memberships inside a policy of memberships does not
-- recurse, and they tell a caller about the caller only.
create function private.my_organization_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select m.organization_id from public.memberships m where m.user_id = (select auth.uid())
$$;

create function private.organization_ids_i_am(allowed public.member_role[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
  select m.organization_id from public.memberships m
  where m.user_id = (select auth.uid()) and m.role = any (allowed)
$$;

grant execute on function private.my_organization_ids() to authenticated, service_role;
grant execute on function private.organization_ids_i_am(public.member_role[]) to authenticated, service_role;
