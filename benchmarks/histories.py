"""Histories of migrations to measure with: as many files as wanted, of the kinds that applications have."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

_TABLE = """-- table {t}
create table public.t{t} (
  id uuid primary key default gen_random_uuid(),
  owner uuid not null references auth.users (id) on delete cascade,
  name text not null check (length(name) < 200),
  amount integer not null default 0,
  created_at timestamptz not null default now()
);
alter table public.t{t} enable row level security;
create policy own on public.t{t} for all to authenticated using ((select auth.uid()) = owner);
create index t{t}_owner on public.t{t} (owner);
"""
_LATER = (
    "create or replace function public.f{n}(i integer) returns integer language sql stable set search_path = ''"
    " as $$ select i + {n}; $$;\nrevoke execute on function public.f{n}(integer) from anon;\n",
    "alter table public.t{t} add column c{n} text;\ncomment on column public.t{t}.c{n} is 'x';\n"
    "update public.t{t} set c{n} = '';\n",
    "create view public.v{n} with (security_invoker = true) as select id, name from public.t{t};\n"
    "grant select on public.v{n} to authenticated;\n",
    "create index on public.t{t} (created_at, name);\n",
    "insert into public.t{t} (owner, name) select id, 'x' from auth.users;\n"
    "alter table public.t{t} alter column name set default 'a{n}';\nselect {n};\n",
)
_EVERY = 5
"""One file in so many makes a table: 200 files make 40."""
_FIRST = datetime(2024, 1, 1)


def write(checkout: Path, files: int) -> Path:
    """A checkout with so many migrations, about three statements each."""
    folder = checkout / "supabase" / "migrations"
    folder.mkdir(parents=True)
    (checkout / "supabase" / "config.toml").write_text('project_id = "benchmark"\n', encoding="utf-8")
    for number, text in enumerate(_texts(files)):
        version = f"{_FIRST + timedelta(minutes=number):%Y%m%d%H%M%S}"
        (folder / f"{version}_m{number}.sql").write_text(text, encoding="utf-8")
    return checkout


def _texts(files: int) -> Iterator[str]:
    for number in range(files):
        table, place = divmod(number, _EVERY)
        later = _LATER[(number - table) % len(_LATER)]
        yield (_TABLE if place == 0 else later).format(t=table, n=number)
