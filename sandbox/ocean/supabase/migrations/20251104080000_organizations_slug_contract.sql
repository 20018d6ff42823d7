-- 3 of 3. From here on every organization has one. The check is validated without blocking writers, and SET NOT NULL then
-- needs no scan of its own.
set lock_timeout = '2s';

alter table public.organizations add constraint organizations_slug_present check (slug is not null) not valid;
alter table public.organizations validate constraint organizations_slug_present;
alter table public.organizations alter column slug set not null;
alter table public.organizations drop constraint organizations_slug_present;
alter table public.organizations add constraint organizations_slug_form check (slug ~ '^[a-z0-9][a-z0-9-]{1,60}$') not valid;
alter table public.organizations validate constraint organizations_slug_form;
create unique index organizations_slug_key on public.organizations (slug);
