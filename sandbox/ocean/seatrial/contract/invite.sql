-- An owner lets somebody in.
-- role: authenticated
-- claims: {"sub": "a11ce000-0000-4000-8000-000000000001"}
-- $1: (select id from public.organizations where created_by = 'a11ce000-0000-4000-8000-000000000001' limit 1)
-- $2: 'b0b00000-0000-4000-8000-000000000002'
-- $3: 'member'
insert into public.memberships (organization_id, user_id, role)
values ($1, $2, $3)
on conflict (organization_id, user_id) do nothing;
