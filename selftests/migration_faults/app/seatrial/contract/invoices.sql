-- role: authenticated
-- claims: {"sub": "aaaaaaaa-0000-4000-8000-000000000001"}
-- $1: 'cccccccc-0000-4000-8000-000000000003'
select id, number, amount, currency, status, paid_at from public.invoices where organization_id = $1 order by number;
