-- No organizations: everybody is alone with what is theirs, but for what they publish.
create type public.mood as enum ('good', 'bad');
create table public.people (
  id         uuid primary key references auth.users (id) on delete cascade,
  handle     text not null unique check (handle ~ '^[a-z0-9_]{3,30}$'),
  bio        text,
  created_at timestamptz not null default now()
);
alter table public.people enable row level security;
grant select on public.people to anon, authenticated;
grant insert (id, handle, bio), update (handle, bio) on public.people to authenticated;
grant all on public.people to service_role;
create policy "People are public" on public.people for select to anon, authenticated using (true);
create policy "People make themselves" on public.people for insert to authenticated with check (id = (select auth.uid()));
create policy "People change themselves" on public.people for update to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));

create table public.entries (
  id         uuid primary key default gen_random_uuid(),
  user_id    uuid not null default auth.uid() references auth.users (id) on delete cascade,
  title      text not null,
  body       text not null default '',
  mood       public.mood,
  status     text not null default 'draft' check (status in ('draft', 'published')),
  created_at timestamptz not null default now()
);
create index entries_user on public.entries (user_id);
create index entries_published on public.entries (status);
alter table public.entries enable row level security;
grant select on public.entries to anon;
grant select, insert, update, delete on public.entries to authenticated;
grant all on public.entries to service_role;
create policy "Published entries are public" on public.entries for select to anon using (status = 'published');
create policy "Own and published entries" on public.entries for select to authenticated
  using (user_id = (select auth.uid()) or status = 'published');
create policy "Write own entries" on public.entries for insert to authenticated with check (user_id = (select auth.uid()));
create policy "Change own entries" on public.entries for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy "Delete own entries" on public.entries for delete to authenticated using (user_id = (select auth.uid()));

create table public.likes (
  entry_id   uuid not null references public.entries (id) on delete cascade,
  user_id    uuid not null default auth.uid() references auth.users (id) on delete cascade,
  primary key (entry_id, user_id)
);
create index likes_user on public.likes (user_id);
alter table public.likes enable row level security;
grant select, insert, delete on public.likes to authenticated;
grant all on public.likes to service_role;
create policy "Own likes" on public.likes for select to authenticated using (user_id = (select auth.uid()));
create policy "Like what one sees" on public.likes for insert to authenticated with check (
  user_id = (select auth.uid()) and exists (select from public.entries e where e.id = likes.entry_id)
);
create policy "Take back a like" on public.likes for delete to authenticated using (user_id = (select auth.uid()));

create table public.reminders (
  id       bigint generated always as identity primary key,
  user_id  uuid not null references public.people (id) on delete cascade,
  entry_id uuid references public.entries (id) on delete set null,
  at       timestamptz not null,
  sent_at  timestamptz
);
create index reminders_user on public.reminders (user_id);
create index reminders_entry on public.reminders (entry_id);
alter table public.reminders enable row level security;
grant select, delete on public.reminders to authenticated;
grant insert (user_id, at), update (at) on public.reminders to authenticated;
grant all on public.reminders to service_role;
create policy reminders_select on public.reminders for select to authenticated using (user_id = (select auth.uid()));
create policy reminders_insert on public.reminders for insert to authenticated with check (user_id = (select auth.uid()));
create policy reminders_update on public.reminders for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy reminders_delete on public.reminders for delete to authenticated using (user_id = (select auth.uid()));
