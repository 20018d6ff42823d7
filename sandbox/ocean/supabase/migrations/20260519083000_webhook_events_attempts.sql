-- An event whose handling failed says how often and why. A constant default needs no rewrite of the table.
set lock_timeout = '2s';

alter table public.webhook_events add column attempts integer not null default 0;
alter table public.webhook_events add column last_error text;
