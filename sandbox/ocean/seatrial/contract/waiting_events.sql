-- What the webhook's worker fetches each few seconds.
-- role: service_role
-- $1: 50
-- critical
select id, type, payload
from public.webhook_events
where processed_at is null
order by received_at
limit $1;
