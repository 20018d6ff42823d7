-- An organization's newest invoices.
-- role: authenticated
-- claims: {"sub": "a11ce000-0000-4000-8000-000000000001"}
-- $1: (select organization_id from public.invoices limit 1)
-- $2: 20
-- uses: invoices_organization_id_idx
select id, stripe_invoice_id, amount_due_cents, amount_paid_cents, currency, status, issued_at
from public.invoices
where organization_id = $1
order by issued_at desc
limit $2;
