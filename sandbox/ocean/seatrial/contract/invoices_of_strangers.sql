-- Without a session there are no invoices: the pricing page relies on being refused.
-- role: anon
-- expects: fails 42501
select id from public.invoices;
