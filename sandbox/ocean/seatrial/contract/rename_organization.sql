-- The settings page.
-- role: authenticated
-- claims: {"sub": "a11ce000-0000-4000-8000-000000000001"}
-- $1: 'Atoll Charter & Sons'
-- $2: (select id from public.organizations where created_by = 'a11ce000-0000-4000-8000-000000000001' limit 1)
update public.organizations set name = $1 where id = $2 returning id, name, updated_at;
