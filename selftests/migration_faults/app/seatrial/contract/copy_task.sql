-- "Again next week": the same title once more.
-- role: authenticated
-- claims: {"sub": "aaaaaaaa-0000-4000-8000-000000000001"}
-- $1: 'cccccccc-0000-4000-8000-000000000003'
insert into public.tasks (organization_id, title, effort) values ($1, 'Order rope', 1) returning id;
