-- Two people and something to do. Runs any number of times and changes nothing the second time.
insert into auth.users (instance_id, id, aud, role, email, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
select '00000000-0000-0000-0000-000000000000', person.id::uuid, 'authenticated', 'authenticated', person.email,
  '{"provider": "email"}', jsonb_build_object('full_name', person.name, 'organization', person.organization), now(), now()
from (values
  ('aaaaaaaa-0000-4000-8000-000000000001', 'ada@harbour.example', 'Ada', 'North Pier'),
  ('bbbbbbbb-0000-4000-8000-000000000002', 'bo@harbour.example', 'Bo', 'South Pier')
) as person (id, email, name, organization)
where not exists (select from auth.users existing where existing.id = person.id::uuid);

-- The contract names this organization, so it has a fixed key.
insert into public.organizations (id, name, slug)
values ('cccccccc-0000-4000-8000-000000000003', 'The Dock', 'the-dock')
on conflict do nothing;
insert into public.members (organization_id, user_id, role)
values ('cccccccc-0000-4000-8000-000000000003', 'aaaaaaaa-0000-4000-8000-000000000001', 'owner')
on conflict do nothing;

insert into public.tasks (id, organization_id, title, points, effort, note, due)
overriding system value
values
  (9001, 'cccccccc-0000-4000-8000-000000000003', 'Paint the hull', 5, 8, 'two coats', '2026-03-01'),
  (9002, 'cccccccc-0000-4000-8000-000000000003', 'Mend the sail', 3, 5, null, '2026-03-08'),
  (9003, 'cccccccc-0000-4000-8000-000000000003', 'Order rope', 1, 1, null, '2026-03-15')
on conflict do nothing;

insert into public.invoices (id, organization_id, number, amount, status)
values ('dddddddd-0000-4000-8000-000000000004', 'cccccccc-0000-4000-8000-000000000003', 1, 4900, 'open')
on conflict do nothing;
