-- What the dashboard asks first. It runs as the caller, so row security decides what comes back.
create function public.my_organizations()
returns table (id uuid, name text, role public.member_role, plan_id text, subscription_status public.subscription_status)
language sql stable security invoker set search_path = '' as $$
  select o.id, o.name, m.role, s.plan_id, s.status
  from public.memberships m
  join public.organizations o on o.id = m.organization_id
  left join public.subscriptions s on s.organization_id = o.id
  where m.user_id = (select auth.uid())
  order by o.created_at
$$;
grant execute on function public.my_organizations() to authenticated, service_role;
