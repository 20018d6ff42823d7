-- One object, at least, of every kind that a snapshot knows, and of every way in which it can be special.
do $$ begin create role app_reader nologin; create role app_admin nologin bypassrls; exception when duplicate_object then null; end $$;
grant app_reader to authenticated;
alter role app_reader set statement_timeout = '3s';
alter role app_reader set search_path = public, extensions;
create schema private;
comment on schema private is 'what the API does not show';
grant usage on schema private to authenticated;
create extension pg_trgm with schema extensions;
create extension hstore with schema public;

create type public.state as enum ('draft', 'it''s sent', 'paid');
comment on type public.state is 'of an invoice';
create type public.address as (street text collate "C", number int);
create domain public.email as text default 'a@b' not null constraint email_form check (value ~ '@') constraint email_short check (length(value) < 100);
create type public.money_range as range (subtype = numeric, multirange_type_name = public.money_ranges);

create function private.next_number() returns int language sql volatile as 'select 1';
create function public.tax(amount numeric) returns numeric language sql immutable parallel safe as $$ select amount * 0.2 $$;
create sequence public.numbers as int increment 2 start 5 cache 3 cycle;
create table public."Odd Names" ("Key" int primary key, "some "" column" text default 'x\y');
create table public.invoices (
  id bigint generated always as identity (start 100 increment 5) primary key,
  number int default private.next_number(),
  other int default nextval('public.numbers'),
  serial serial,
  state public.state not null default 'draft',
  mail public.email,
  home public.address,
  span public.money_range,
  amount numeric(10,2) not null check (amount >= 0),
  gross numeric generated always as (public.tax(amount)) stored,
  title varchar(80) collate "C",
  parent bigint references public.invoices on delete cascade deferrable initially deferred,
  owner uuid references auth.users on delete set null,
  tags text[] default '{}',
  made timestamptz default now(),
  unique nulls not distinct (number, title),
  constraint apart exclude using gist (span with &&)
) with (fillfactor = 70, autovacuum_enabled = false);
alter table public.invoices alter title set storage external, alter title set statistics 500, alter amount set (n_distinct = 5);
alter table public.invoices enable row level security, force row level security;
alter table public.invoices add constraint later check (other > 0) not valid;
alter table public.invoices replica identity using index invoices_pkey;
comment on column public.invoices.title is 'as printed';
comment on constraint later on public.invoices is 'since 2026';
create index invoices_title on public.invoices using gin (title extensions.gin_trgm_ops);
create unique index invoices_open on public.invoices (lower(title)) include (made) where state = 'draft';
create statistics public.invoices_stats (dependencies, ndistinct) on number, other from public.invoices;
create unlogged table public.scratch (a int, b text);
alter table public.scratch replica identity full;
create table public.events (at date not null, what text, id int, primary key (at, id)) partition by range (at);
create table public.events_2025 partition of public.events for values from ('2025-01-01') to ('2026-01-01');
create table public.events_rest partition of public.events default;
create index events_what on public.events (what);
create table public.base (a int, check (a > 0)); create table public.heir (b int) inherits (public.base);
create function public.of_row(r public.invoices) returns text language sql stable as $$ select r.title $$;
create function public.rows_of() returns setof public.invoices language sql stable security definer set search_path = '' as $$ select * from public.invoices $$;
create procedure public.work(inout x int, y text default 'a') language plpgsql as $$ begin x := 1; end $$;
create function public.atomic(i int) returns bigint language sql begin atomic; select count(*) from public.invoices where id = i; end;
create function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;
create function public.on_ddl() returns event_trigger language plpgsql as $$ begin end $$;
create aggregate public.total(numeric) (sfunc = numeric_add, stype = numeric, initcond = '0', combinefunc = numeric_add, parallel = safe);
create function public.alike(public.address, public.address) returns boolean language sql immutable as 'select $1.street = $2.street';
create operator public.=~~ (leftarg = public.address, rightarg = public.address, function = public.alike, commutator = operator(public.=~~));
create function public.as_text(public.address) returns text language sql immutable as 'select $1.street';
create cast (public.address as text) with function public.as_text(public.address) as assignment;
create view public.open_invoices with (security_invoker = true, security_barrier = true) as select i.id, i.title, i.state from public.invoices i where i.state = 'draft' with local check option;
create view public.counts as select state, count(*) as n from public.open_invoices group by 1;
comment on column public.counts.n is 'how many';
create materialized view public.summary as select state, sum(amount) from public.invoices group by 1 with no data;
create unique index summary_state on public.summary (state);
create policy "members read" on public.invoices for select to authenticated using (owner = (select auth.uid()));
create policy "members' writing" on public.invoices for insert to authenticated, service_role with check (exists (select from public.open_invoices o where o.id = parent));
create policy guard on public.invoices as restrictive for all using (amount < 1000);
comment on policy guard on public.invoices is 'large ones by hand';
create policy "own files" on storage.objects for select to authenticated using (owner_id = (select auth.uid())::text);
create trigger touch before update of title, amount on public.invoices for each row when (old.title is distinct from new.title) execute function public.touch();
create constraint trigger check_later after insert on public.invoices deferrable initially deferred for each row execute function public.touch();
create trigger each_event after insert on public.events for each row execute function public.touch();
create trigger on_signup after insert on auth.users for each row execute function public.touch();
alter table public.invoices enable always trigger touch;
create rule no_delete as on delete to public.scratch do instead nothing;
create event trigger watch_ddl on ddl_command_end when tag in ('CREATE TABLE', 'DROP TABLE') execute function public.on_ddl();
alter event trigger watch_ddl disable;
alter publication supabase_realtime add table public.invoices (id, title) where (amount > 5);
create publication all_changes for tables in schema public with (publish = 'insert, update');
create text search dictionary public.plain (template = pg_catalog.simple, accept = false);
create text search configuration public.shop (parser = default);
alter text search configuration public.shop add mapping for asciiword, word with public.plain, simple;
create foreign data wrapper nothing;
create server far foreign data wrapper nothing;
create user mapping for public server far;
create foreign table public.far_table (a int not null, b text options (x 'y')) server far options (table_name 'z');
revoke all on public.scratch from anon, authenticated; grant select (a), update (b) on public.scratch to authenticated;
grant select on public.invoices to app_reader with grant option;
revoke execute on function public.rows_of() from public, anon; grant execute on function public.rows_of() to app_reader;
revoke usage on type public.state from public;
alter default privileges in schema private grant select on tables to app_reader;
alter default privileges in schema public revoke all on tables from anon;
alter default privileges revoke execute on functions from public;
alter table public.base owner to app_admin;
alter function public.touch() owner to app_admin;
alter table public.invoices disable trigger all;
alter table public.invoices enable trigger check_later;
insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types) values ('avatars', 'avatars', false, 100000, '{image/png}');
create index invoices_bad on public.invoices (tags);
alter table public.invoices cluster on invoices_bad;
create index scratch_bad on public.scratch (b);
update pg_index set indisvalid = false where indexrelid = $$public.scratch_bad$$::regclass;
