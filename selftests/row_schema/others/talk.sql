-- Conversations: whoever takes part reads and writes; one writes in one's own name; blocked people do not write.
create schema private;
grant usage on schema private to authenticated, service_role;
create table public.profiles (
  id        uuid primary key references auth.users (id) on delete cascade,
  nickname  text,
  is_banned boolean not null default false
);
create function private.on_sign_up() returns trigger language plpgsql security definer set search_path = '' as $body$
begin
  insert into public.profiles (id, nickname) values (new.id, split_part(new.email, '@', 1)) on conflict do nothing;
  return new;
end
$body$;
create trigger on_sign_up after insert on auth.users for each row execute function private.on_sign_up();
create table public.rooms (
  id         uuid primary key default gen_random_uuid(),
  topic      text not null,
  created_by uuid default auth.uid() references auth.users (id) on delete set null
);
create index rooms_author on public.rooms (created_by);
create table public.participants (
  room_id   uuid not null references public.rooms (id) on delete cascade,
  user_id   uuid not null references auth.users (id) on delete cascade,
  moderates boolean not null default false,
  primary key (room_id, user_id)
);
create index participants_user on public.participants (user_id, room_id);
create table public.messages (
  id      bigint generated always as identity primary key,
  room_id uuid not null references public.rooms (id) on delete cascade,
  user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  body    text not null check (length(body) between 1 and 4000),
  at      timestamptz not null default now()
);
create index messages_room on public.messages (room_id, at);
create index messages_user on public.messages (user_id);

create function private.my_rooms() returns setof uuid language sql stable security definer set search_path = '' as $body$
  select p.room_id from public.participants p where p.user_id = (select auth.uid())
$body$;
create function private.rooms_i_moderate() returns setof uuid
language sql stable security definer set search_path = '' as $body$
  select p.room_id from public.participants p where p.user_id = (select auth.uid()) and p.moderates
$body$;
create function private.banned() returns boolean language sql stable security definer set search_path = '' as $body$
  select coalesce((select p.is_banned from public.profiles p where p.id = (select auth.uid())), true)
$body$;
create function private.moderate_own_room() returns trigger language plpgsql security definer set search_path = '' as $body$
begin
  if new.created_by is not null then
    insert into public.participants (room_id, user_id, moderates) values (new.id, new.created_by, true);
  end if;
  return null;
end
$body$;
create trigger moderate_own_room after insert on public.rooms for each row execute function private.moderate_own_room();
revoke all on all functions in schema private from public;
grant execute on function private.my_rooms(), private.rooms_i_moderate(), private.banned() to authenticated, service_role;

alter table public.profiles enable row level security;
alter table public.rooms enable row level security;
alter table public.participants enable row level security;
alter table public.messages enable row level security;
grant all on public.profiles, public.rooms, public.participants, public.messages to service_role;
grant select on public.profiles to authenticated;
grant update (nickname) on public.profiles to authenticated;
grant select, insert (topic), update (topic), delete on public.rooms to authenticated;
grant select, delete on public.participants to authenticated;
grant insert (room_id, user_id) on public.participants to authenticated;
grant select, delete on public.messages to authenticated;
grant insert (room_id, body), update (body) on public.messages to authenticated;

create policy profiles_select on public.profiles for select to authenticated using (
  id = (select auth.uid()) or id in (select p.user_id from public.participants p where p.room_id in (select private.my_rooms()))
);
create policy profiles_update on public.profiles for update to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));
create policy rooms_select on public.rooms for select to authenticated using (id in (select private.my_rooms()));
create policy rooms_insert on public.rooms for insert to authenticated with check (created_by = (select auth.uid()));
create policy rooms_update on public.rooms for update to authenticated
  using (id in (select private.rooms_i_moderate())) with check (id in (select private.rooms_i_moderate()));
create policy rooms_delete on public.rooms for delete to authenticated using (id in (select private.rooms_i_moderate()));
create policy participants_select on public.participants for select to authenticated
  using (room_id in (select private.my_rooms()));
create policy participants_insert on public.participants for insert to authenticated
  with check (room_id in (select private.rooms_i_moderate()));
create policy participants_delete on public.participants for delete to authenticated
  using (user_id = (select auth.uid()) or room_id in (select private.rooms_i_moderate()));
create policy messages_select on public.messages for select to authenticated using (room_id in (select private.my_rooms()));
create policy messages_insert on public.messages for insert to authenticated with check (
  user_id = (select auth.uid()) and room_id in (select private.my_rooms()) and not (select private.banned())
);
create policy messages_update on public.messages for update to authenticated
  using (user_id = (select auth.uid()) and room_id in (select private.my_rooms()))
  with check (user_id = (select auth.uid()) and room_id in (select private.my_rooms()));
create policy messages_delete on public.messages for delete to authenticated
  using (user_id = (select auth.uid()) or room_id in (select private.rooms_i_moderate()));
alter publication supabase_realtime add table public.messages;
