-- What the server does with each event of the payment provider.
-- role: service_role
-- $1: 'cccccccc-0000-4000-8000-000000000003'
-- $2: 7
-- $3: 2500
insert into public.invoices (organization_id, number, amount, status) values ($1, $2, $3, 'open')
on conflict (organization_id, number) do update set amount = excluded.amount, status = excluded.status;
