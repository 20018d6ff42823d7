-- The pricing page, without a session.
-- role: anon
select id, name, price_cents, currency, seats from public.plans where is_active order by price_cents;
