create table public.charters (
  id      bigint generated always as identity primary key,
  boat_id bigint not null references public.boats (id),
  during  tstzrange not null
);
create index charters_boat_id on public.charters (boat_id);
