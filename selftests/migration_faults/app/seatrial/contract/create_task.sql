-- The assistant's call; it names the arguments, as the API does.
-- role: authenticated
-- claims: {"sub": "aaaaaaaa-0000-4000-8000-000000000001"}
-- $1: 'cccccccc-0000-4000-8000-000000000003'
-- $2: 'Count the fenders'
select public.create_task(organization => $1, title => $2);
