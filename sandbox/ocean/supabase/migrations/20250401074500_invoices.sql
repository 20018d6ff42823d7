create table public.invoices (
  id                uuid primary key default gen_random_uuid(),
  organization_id   uuid not null references public.organizations (id) on delete cascade,
  subscription_id   uuid references public.subscriptions (id) on delete set null,
  stripe_invoice_id text not null unique,
  amount_due_cents  bigint not null,
  amount_paid_cents bigint not null default 0,
  currency          text not null check (currency ~ '^[a-z]{3}$'),
  status            text not null check (status in ('draft', 'open', 'paid', 'uncollectible', 'void')),
  issued_at         timestamptz not null,
  paid_at           timestamptz,
  created_at        timestamptz not null default now()
);
create index invoices_organization_id_idx on public.invoices (organization_id, issued_at desc);
create index invoices_subscription_id_idx on public.invoices (subscription_id);

alter table public.invoices enable row level security;
grant select on public.invoices to authenticated;
grant all on public.invoices to service_role;

create policy "owners and admins see invoices" on public.invoices
  for select to authenticated using (organization_id in (select private.organization_ids_i_am('{owner,admin}')));
