-- Stripe says that a subscription changed.
-- role: service_role
-- $1: (select organization_id from public.subscriptions limit 1)
-- $2: 'coast'
-- $3: 'past_due'
-- $4: 'sub_seed_atoll'
insert into public.subscriptions (organization_id, plan_id, status, stripe_subscription_id)
values ($1, $2, $3, $4)
on conflict (organization_id) do update
  set plan_id = excluded.plan_id, status = excluded.status, stripe_subscription_id = excluded.stripe_subscription_id;
