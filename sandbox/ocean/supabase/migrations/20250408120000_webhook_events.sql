create table public.webhook_events (
  id           text primary key,  -- Stripe's event id: a delivery that comes twice is stored once
  type         text not null,
  livemode     boolean not null default false,
  payload      jsonb not null,
  created_at   timestamptz not null default now(),  -- when Stripe made the event
  received_at  timestamptz not null default now(),
  processed_at timestamptz
);
comment on table public.webhook_events is 'What Stripe delivered. For the service only: row security is on and no policy lets anybody else in.';
create index webhook_events_waiting_idx on public.webhook_events (received_at) where processed_at is null;

alter table public.webhook_events enable row level security;
grant all on public.webhook_events to service_role;
