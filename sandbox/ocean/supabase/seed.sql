-- Two organizations to try things with. Runs any number of times and changes nothing the second time.
-- The people sign up as anybody does: the trigger on auth.users makes their profiles and organizations.
insert into auth.users (
  instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,
  raw_app_meta_data, raw_user_meta_data, created_at, updated_at,
  confirmation_token, recovery_token, email_change_token_new, email_change
)
select
  '00000000-0000-0000-0000-000000000000', person.id::uuid, 'authenticated', 'authenticated', person.email,
  extensions.crypt(gen_random_uuid()::text, extensions.gen_salt('bf')),  -- nobody knows these passwords
  now(), '{"provider": "email", "providers": ["email"]}',
  jsonb_build_object('full_name', person.name, 'organization', person.organization), now(), now(), '', '', '', ''
from (values
  ('a11ce000-0000-4000-8000-000000000001', 'ada@atoll.example', 'Ada', 'Atoll Charter'),
  ('b0b00000-0000-4000-8000-000000000002', 'bo@breaker.example', 'Bo', 'Breaker Surf School'),
  ('ca401000-0000-4000-8000-000000000003', 'caro@atoll.example', 'Caro', 'Caro''s own')
) as person (id, email, name, organization)
where not exists (select from auth.users existing where existing.id = person.id::uuid);

insert into auth.identities (provider_id, user_id, identity_data, provider, created_at, updated_at)
select u.id::text, u.id, jsonb_build_object('sub', u.id, 'email', u.email, 'email_verified', true), 'email', now(), now()
from auth.users u
where u.email in ('ada@atoll.example', 'bo@breaker.example', 'caro@atoll.example')
on conflict (provider_id, provider) do nothing;

-- Caro also works for Ada.
insert into public.memberships (organization_id, user_id, role, invited_by)
select o.id, 'ca401000-0000-4000-8000-000000000003', 'member', o.created_by
from public.organizations o
where o.created_by = 'a11ce000-0000-4000-8000-000000000001'
on conflict do nothing;

-- Slugs that other systems can know beforehand.
update public.organizations o set slug = known.slug
from (values
  ('a11ce000-0000-4000-8000-000000000001'::uuid, 'atoll-charter'),
  ('b0b00000-0000-4000-8000-000000000002'::uuid, 'breaker-surf-school'),
  ('ca401000-0000-4000-8000-000000000003'::uuid, 'caros-own')
) as known (created_by, slug)
where o.created_by = known.created_by and o.slug like 'org-%';

insert into public.plans (id, name, price_cents, stripe_price_id, seats) values
  ('harbour', 'Harbour', 0, null, 3),
  ('coast', 'Coast', 2900, 'price_seed_coast', 25),
  ('ocean', 'Ocean', 14900, 'price_seed_ocean', 500)
on conflict (id) do nothing;

insert into public.subscriptions (
  organization_id, plan_id, status, stripe_customer_id, stripe_subscription_id, current_period_end
)
select o.id, 'coast', 'active', 'cus_seed_atoll', 'sub_seed_atoll', date_trunc('month', now()) + interval '1 month'
from public.organizations o
where o.created_by = 'a11ce000-0000-4000-8000-000000000001'
on conflict do nothing;

insert into public.invoices (
  organization_id, subscription_id, stripe_invoice_id, amount_due_cents, amount_paid_cents, currency, status, issued_at, paid_at
)
select s.organization_id, s.id, 'in_seed_atoll_1', 2900, 2900, 'eur', 'paid', date_trunc('month', now()), date_trunc('month', now())
from public.subscriptions s
where s.stripe_subscription_id = 'sub_seed_atoll'
on conflict (stripe_invoice_id) do nothing;

insert into public.webhook_events (id, type, livemode, payload, created_at, processed_at) values
  ('evt_seed_subscription', 'customer.subscription.created', false,
   '{"id": "evt_seed_subscription", "object": "event", "data": {"object": {"id": "sub_seed_atoll"}}}', date_trunc('second', now()) - interval '1 second', now()),
  ('evt_seed_invoice', 'invoice.paid', false,
   '{"id": "evt_seed_invoice", "object": "event", "data": {"object": {"id": "in_seed_atoll_1"}}}', date_trunc('second', now()) - interval '1 second', now())
on conflict (id) do nothing;

insert into public.organization_databases (organization_id, neon_project_id, region, host, state)
select o.id, 'seed-' || o.slug, 'aws-eu-central-1', 'ep-' || o.slug || '.eu-central-1.aws.neon.example', 'ready'
from public.organizations o
on conflict do nothing;

update public.provisioning_events set status = 'done', finished_at = now()
where status = 'pending' and organization_id in (select organization_id from public.organization_databases);
