create table public.plans (
  id               text primary key,
  name             text not null,
  price_cents      integer not null check (price_cents >= 0),
  currency         text not null default 'eur' check (currency ~ '^[a-z]{3}$'),
  stripe_price_id  text unique,
  seats            integer not null check (seats > 0),
  is_active        boolean not null default true,
  created_at       timestamptz not null default now()
);
comment on table public.plans is 'The public catalogue; the pricing page reads it without signing in.';

alter table public.plans enable row level security;
grant select on public.plans to anon, authenticated;
grant all on public.plans to service_role;

create policy "everybody sees plans on sale" on public.plans
  for select to anon, authenticated using (is_active);
