-- role: authenticated
-- claims: {"sub": "aaaaaaaa-0000-4000-8000-000000000001"}
-- $1: 9001
update public.tasks set state = 'doing' where id = $1 returning id, state;
