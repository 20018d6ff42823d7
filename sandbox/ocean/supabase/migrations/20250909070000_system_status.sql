-- What /api/health and the GraphQL field system_status ask: one round trip to the database and nothing about customers.
create function public.system_status() returns table (healthy boolean, checked_at timestamptz)
language sql stable security invoker set search_path = '' as $$
  select true, now()
$$;
grant execute on function public.system_status() to anon, authenticated, service_role;
