-- role: service_role
-- $1: 'cccccccc-0000-4000-8000-000000000003'
insert into public.journal (organization_id, kind, happened_at) values ($1, 'task.added', '2026-05-01');
