-- What is to be paid. Only the server writes here; what is paid does not change any more.
create domain public.currency_code as text check (value ~ '^[a-z]{3}$');
create sequence private.invoice_numbers;

create table public.invoices (
  id              uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete restrict,
  number          integer not null default nextval('private.invoice_numbers'),
  amount          integer not null check (amount >= 0),
  tax             numeric(10, 2) not null default 0,
  currency        public.currency_code not null default 'eur',
  status          text not null default 'draft',
  external_id     text,
  task_id         bigint,
  created_at      timestamptz not null default now(),
  paid_at         timestamptz,
  constraint invoices_number_key unique (organization_id, number)
);

create function private.refuse_change() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception 'invoice % is paid and does not change any more', old.number using errcode = 'check_violation';
end
$$;
revoke execute on function private.refuse_change() from public;
create trigger invoices_frozen before update of amount, currency on public.invoices
  for each row when (old.paid_at is not null) execute function private.refuse_change();

alter table public.invoices enable row level security;
alter table public.invoices force row level security;
create policy "members see invoices" on public.invoices
  for select to authenticated using (organization_id in (select private.my_organizations()));
create policy "nobody sees drafts" on public.invoices
  as restrictive for select to authenticated using (status <> 'draft');
grant select on public.invoices to authenticated;
grant all on public.invoices to service_role;
grant usage on sequence private.invoice_numbers to service_role;

create function private.vat_of(amount integer) returns numeric
language sql immutable set search_path = '' as $$ select round(amount * 0.19, 2) $$;
create function public.invoice_total(invoice uuid) returns numeric
language plpgsql stable security invoker set search_path = '' as $$
begin
  return (select i.amount + private.vat_of(i.amount) from public.invoices i where i.id = invoice);
end
$$;
revoke execute on function private.vat_of(integer), public.invoice_total(uuid) from public;
grant execute on function private.vat_of(integer), public.invoice_total(uuid) to authenticated, service_role;

-- For the server alone: closes an organization.
create function private.close_organization(organization uuid) returns void
language sql security definer set search_path = '' as $$
  delete from public.members where organization_id = organization
$$;
revoke execute on function private.close_organization(uuid) from public;
grant execute on function private.close_organization(uuid) to service_role;
