create type public.subscription_status as enum (
  'incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'canceled', 'unpaid', 'paused'
);

create table public.subscriptions (
  id                     uuid primary key default gen_random_uuid(),
  organization_id        uuid not null unique references public.organizations (id) on delete cascade,
  plan_id                text not null references public.plans (id),
  status                 public.subscription_status not null,
  stripe_customer_id     text unique,
  stripe_subscription_id text unique,
  current_period_end     timestamptz,
  cancel_at_period_end   boolean not null default false,
  stripe_updated_at      timestamptz,  -- when Stripe made the event that this row says; an older one changes nothing
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now()
);
comment on table public.subscriptions is 'A copy of what Stripe says; only the webhook writes it.';
create index subscriptions_plan_id_idx on public.subscriptions (plan_id);

alter table public.subscriptions enable row level security;
grant select on public.subscriptions to authenticated;
grant all on public.subscriptions to service_role;

create policy "members see the subscription" on public.subscriptions
  for select to authenticated using (organization_id in (select private.my_organization_ids()));
