-- The board.
-- role: authenticated
-- claims: {"sub": "aaaaaaaa-0000-4000-8000-000000000001"}
-- $1: 'cccccccc-0000-4000-8000-000000000003'
-- uses: tasks_organization_idx
select id, title, state, points, note, due from public.tasks where organization_id = $1 order by created_at limit 50;
