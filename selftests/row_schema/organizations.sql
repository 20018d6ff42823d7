-- Who is who: what everybody may read (plans), tenants, people, and the sign-up trigger.
create schema private;
revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

create type public.member_role as enum ('member', 'admin', 'owner');
create type public.work_state as enum ('draft', 'open', 'done');
create domain public.short_text as text check (length(value) between 1 and 200);

create table public.plans (
  id          text primary key,
  title       text not null,
  price_cents integer not null check (price_cents >= 0),
  sort        smallint not null default 0
);
@guard(public.plans)
revoke all on public.plans from anon, authenticated;
grant select on public.plans to anon, authenticated;
grant all on public.plans to service_role;
create policy "Everybody reads plans" on public.plans for select to anon, authenticated using (true);
insert into public.plans (id, title, price_cents, sort) values ('free', 'Free', 0, 1), ('team', 'Team', 4900, 2);

create table public.orgs (
  id         uuid primary key default gen_random_uuid(),
  name       public.short_text not null,
  plan       text not null default 'free' references public.plans (id),
  seats      integer not null default 3 check (seats > 0),
  credits    integer not null default 0,
  created_by uuid default auth.uid() references auth.users (id) on delete set null,
  created_at timestamptz not null default now()
);
create index orgs_plan on public.orgs (plan);
create index orgs_created_by on public.orgs (created_by);
@guard(public.orgs)
revoke all on public.orgs from anon, authenticated;
grant select, delete, update (name) on public.orgs to authenticated;
grant all on public.orgs to service_role;

create table public.profiles (
  id         uuid primary key references auth.users (id) on delete cascade,
  full_name  text,
  phone      text,
  is_staff   boolean not null default false,
  created_at timestamptz not null default now()
);
@guard(public.profiles)
revoke all on public.profiles from anon, authenticated;
grant select, update (full_name, phone) on public.profiles to authenticated;
grant all on public.profiles to service_role;
create policy profiles_select on public.profiles for select to authenticated using (id = (select auth.uid()));
create policy profiles_update on public.profiles for update to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));

create function private.on_sign_up() returns trigger language plpgsql security definer set search_path = '' as $body$
begin
  insert into public.profiles (id, full_name) values (new.id, new.raw_user_meta_data ->> 'full_name');
  return new;
end
$body$;
revoke all on function private.on_sign_up() from public;
create trigger on_sign_up after insert on auth.users for each row execute function private.on_sign_up();

-- Who wrote a row stays who wrote it.
create function private.keep_author() returns trigger language plpgsql set search_path = '' as $body$
begin
  new.created_by := old.created_by;
  return new;
end
$body$;
revoke all on function private.keep_author() from public;
