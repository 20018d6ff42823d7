-- Who let somebody in. Nullable: nobody knows it for the older rows.
set lock_timeout = '2s';

alter table public.memberships add column invited_by uuid;
alter table public.memberships
  add constraint memberships_invited_by_fkey foreign key (invited_by) references auth.users (id) on delete set null not valid;
alter table public.memberships validate constraint memberships_invited_by_fkey;
create index memberships_invited_by_idx on public.memberships (invited_by);
