-- The form below the board.
-- role: authenticated
-- claims: {"sub": "aaaaaaaa-0000-4000-8000-000000000001"}
-- $1: 'cccccccc-0000-4000-8000-000000000003'
-- $2: 'Scrape the keel'
insert into public.tasks (organization_id, title) values ($1, $2) returning id, state;
