-- 1 of 3. Organizations get a short name for their address. New rows have one at once; the running release ignores it.
set lock_timeout = '2s';

alter table public.organizations add column slug text;
alter table public.organizations alter column slug set default 'org-' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12);
grant update (slug) on public.organizations to authenticated;
