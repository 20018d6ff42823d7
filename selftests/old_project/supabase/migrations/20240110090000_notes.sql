-- A project that had years before Seatrial came to it: most of it is well, some of it is not.
create table public.notes (
    id bigint generated always as identity primary key,
    owner uuid not null references auth.users (id) on delete cascade,
    body text not null default '',
    created_at timestamptz not null default now()
);

create index notes_owner_idx on public.notes (owner);

alter table public.notes enable row level security;

create policy "people read their own notes" on public.notes
    for select to authenticated using (owner = auth.uid());

create policy "people write their own notes" on public.notes
    for insert to authenticated with check (owner = (select auth.uid()));
