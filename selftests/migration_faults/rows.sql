-- Harbour in use, for the tests that show each fault on a server: enough rows to tell a few from all.
insert into auth.users (instance_id, id, aud, role, email, raw_user_meta_data, created_at, updated_at)
select '00000000-0000-0000-0000-000000000000', gen_random_uuid(), 'authenticated', 'authenticated',
  'person' || n || '@harbour.example',
  jsonb_build_object('full_name', 'Person ' || n, 'organization', case when n > 1 then 'Pier ' || n end), now(), now()
from generate_series(1, 60) as n;
update public.profiles set locale = 'en';

insert into public.tasks (organization_id, title, state, points, due, assignee)
select 'cccccccc-0000-4000-8000-000000000003', 'Task ' || n, (array['open', 'doing', 'done'])[1 + n % 3]::public.task_state,
  n % 8, date '2026-01-01' + n % 300, case when n % 2 = 0 then 'aaaaaaaa-0000-4000-8000-000000000001'::uuid end
from generate_series(1, 3000) as n;

insert into public.invoices (organization_id, number, amount, status, external_id, task_id, paid_at)
select 'cccccccc-0000-4000-8000-000000000003', 100 + n, n, 'open', case when n % 3 > 0 then 'ext-' || n end, 9001,
  case when n % 2 = 0 then now() end
from generate_series(1, 3000) as n;
-- the numbers that come after these: no transaction gives back what it took of a sequence
select setval('private.invoice_numbers', 3100);

insert into public.journal (organization_id, kind, happened_at)
select 'cccccccc-0000-4000-8000-000000000003', 'task.added', timestamptz '2025-02-01' + n * interval '1 day'
from generate_series(1, 600) as n;
insert into public.journal_2024 (id, organization_id, kind, happened_at)
select n, 'cccccccc-0000-4000-8000-000000000003', 'task.added', timestamptz '2024-02-01' + n * interval '1 hour'
from generate_series(1, 300) as n;
insert into public.bookings (organization_id, during)
select 'cccccccc-0000-4000-8000-000000000003', tstzrange(day, day + interval '1 hour')
from generate_series(timestamptz '2026-01-01', '2026-12-01', '1 day') as day;
insert into public.imports (line, content) select n, 'line ' || n from generate_series(1, 500) as n;
insert into public.rate_limits (client, hits) select 'client ' || n, n from generate_series(1, 20) as n;
refresh materialized view private.task_counts;
