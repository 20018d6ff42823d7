-- Two levels: schools have classes, classes have teachers and pupils; grades are a pupil's and the teachers'.
create schema private;
grant usage on schema private to authenticated, service_role;
create table public.schools (id uuid primary key default gen_random_uuid(), name text not null);
create table public.staff (
  school_id uuid not null references public.schools (id) on delete cascade,
  user_id   uuid not null references auth.users (id) on delete cascade,
  role      text not null check (role in ('teacher', 'head')),
  primary key (school_id, user_id)
);
create index staff_user on public.staff (user_id, school_id);
create table public.classes (
  id        uuid primary key default gen_random_uuid(),
  school_id uuid not null references public.schools (id) on delete cascade,
  name      text not null,
  unique (school_id, name)
);
create table public.pupils (
  class_id uuid not null references public.classes (id) on delete cascade,
  user_id  uuid not null references auth.users (id) on delete cascade,
  primary key (class_id, user_id)
);
create index pupils_user on public.pupils (user_id, class_id);
create table public.grades (
  id       uuid primary key default gen_random_uuid(),
  class_id uuid not null,
  user_id  uuid not null,
  subject  text not null check (length(subject) <= 40),
  grade    smallint not null check (grade between 1 and 6),
  foreign key (class_id, user_id) references public.pupils (class_id, user_id) on delete cascade
);
create index grades_pupil on public.grades (class_id, user_id);
create index grades_user on public.grades (user_id);

create function private.my_schools(roles text[]) returns setof uuid
language sql stable security definer set search_path = '' as $body$
  select s.school_id from public.staff s where s.user_id = (select auth.uid()) and s.role = any (roles)
$body$;
create function private.my_classes() returns setof uuid language sql stable security definer set search_path = '' as $body$
  select c.id from public.classes c join public.staff s on s.school_id = c.school_id where s.user_id = (select auth.uid())
$body$;
create function private.classes_i_learn_in() returns setof uuid
language sql stable security definer set search_path = '' as $body$
  select p.class_id from public.pupils p where p.user_id = (select auth.uid())
$body$;
revoke all on all functions in schema private from public;
grant execute on all functions in schema private to authenticated, service_role;

alter table public.schools enable row level security;
alter table public.staff enable row level security;
alter table public.classes enable row level security;
alter table public.pupils enable row level security;
alter table public.grades enable row level security;
grant all on public.schools, public.staff, public.classes, public.pupils, public.grades to service_role;
grant select on public.schools to authenticated;
grant select, insert, delete on public.staff to authenticated;
grant select, insert, update, delete on public.classes, public.pupils, public.grades to authenticated;

create policy schools_select on public.schools for select to authenticated
  using (id in (select private.my_schools('{teacher,head}')));
create policy staff_select on public.staff for select to authenticated
  using (school_id in (select private.my_schools('{teacher,head}')));
create policy staff_insert on public.staff for insert to authenticated
  with check (school_id in (select private.my_schools('{head}')));
create policy staff_delete on public.staff for delete to authenticated
  using (school_id in (select private.my_schools('{head}')));
create policy classes_select on public.classes for select to authenticated
  using (school_id in (select private.my_schools('{teacher,head}')) or id in (select private.classes_i_learn_in()));
create policy classes_insert on public.classes for insert to authenticated
  with check (school_id in (select private.my_schools('{head}')));
create policy classes_update on public.classes for update to authenticated
  using (school_id in (select private.my_schools('{head}'))) with check (school_id in (select private.my_schools('{head}')));
create policy classes_delete on public.classes for delete to authenticated
  using (school_id in (select private.my_schools('{head}')));
create policy pupils_select on public.pupils for select to authenticated
  using (user_id = (select auth.uid()) or class_id in (select private.my_classes()));
create policy pupils_insert on public.pupils for insert to authenticated
  with check (class_id in (select private.my_classes()));
create policy pupils_update on public.pupils for update to authenticated
  using (class_id in (select private.my_classes())) with check (class_id in (select private.my_classes()));
create policy pupils_delete on public.pupils for delete to authenticated
  using (class_id in (select private.my_classes()));
create policy grades_select on public.grades for select to authenticated
  using (user_id = (select auth.uid()) or class_id in (select private.my_classes()));
create policy grades_insert on public.grades for insert to authenticated
  with check (class_id in (select private.my_classes()));
create policy grades_update on public.grades for update to authenticated
  using (class_id in (select private.my_classes())) with check (class_id in (select private.my_classes()));
create policy grades_delete on public.grades for delete to authenticated
  using (class_id in (select private.my_classes()));
