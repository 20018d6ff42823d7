-- What the dashboard asks first.
-- role: authenticated
-- claims: {"sub": "a11ce000-0000-4000-8000-000000000001"}
select id, name, slug, role, plan_id, subscription_status from public.my_organizations();
