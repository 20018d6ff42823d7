-- The dashboard's addresses use the slug. The result gets a column at its end; callers that do not ask for it see no change.
drop function public.my_organizations();

create function public.my_organizations()
returns table (
  id uuid, name text, role public.member_role, plan_id text, subscription_status public.subscription_status, slug text
)
language sql stable security invoker set search_path = '' as $$
  select o.id, o.name, m.role, s.plan_id, s.status, o.slug
  from public.memberships m
  join public.organizations o on o.id = m.organization_id
  left join public.subscriptions s on s.organization_id = o.id
  where m.user_id = (select auth.uid())
  order by o.created_at
$$;
grant execute on function public.my_organizations() to authenticated, service_role;
