"""A small application's database, and what a release's contract comes to when a migration is pending on it."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fixtures.contract.recorded import Contract, contract_of
from fixtures.contract.rehearsal import Rehearsed, rehearse
from fixtures.contract.release_files import of_checkout
from fixtures.migrations.files import MigrationFile, Source
from fixtures.migrations.release import Release
from fixtures.workbench.engines.server import Server
from fixtures.workbench.templates import Database
from selftests.throwaway import execute, running

SCHEMA = """
create type public.state as enum ('open', 'paid', 'void');
create table public.teams (id uuid primary key default gen_random_uuid(), name varchar(60) not null, note text);
create table public.bills (
  id bigint primary key generated always as identity,
  team_id uuid not null references public.teams (id),
  number text not null,
  cents integer not null default 0,
  rate numeric(8, 2),
  state public.state not null default 'open',
  due date,
  unique (team_id, number)
);
create function public.bill_total(team uuid) returns bigint language sql stable set search_path = '' as
  'select coalesce(sum(cents), 0) from public.bills where team_id = team';
create function public.latest(how_many integer default 5) returns table (id bigint, number text, cents integer)
  language sql stable set search_path = '' as
  'select id, number, cents from public.bills order by id desc limit how_many';
alter table public.teams enable row level security;
alter table public.bills enable row level security;
grant usage on schema public to anon, authenticated, service_role;
revoke all on public.teams, public.bills from anon;
create policy everybody on public.teams for select to authenticated using (true);
create policy everybody on public.bills for all to authenticated using (true) with check (true);
insert into public.teams (id, name) values ('7ea00000-0000-4000-8000-000000000001', 'Reef');
insert into public.bills (team_id, number, cents) values ('7ea00000-0000-4000-8000-000000000001', 'B-1', 900);
"""
_NUMBERS = itertools.count(1)


@dataclass
class Bench:
    """Gives clones of the small application's database."""

    server: Server
    given: list[str] = field(default_factory=list)

    async def base(self) -> Database:
        name = f"clone_{next(_NUMBERS)}"
        execute(self.server, f"create database {name} template small strategy file_copy")
        self.given.append(name)
        return Database(self.server, name)

    def rehearse(self, checkout: Path, *pending: str) -> tuple[Contract, Rehearsed]:
        """What the checkout's contract comes to when these files are pending."""
        files = of_checkout(checkout)
        contract = contract_of(files, files)
        sources = tuple(source(number, text) for number, text in enumerate(pending))
        release = Release(applied=(), pending=sources, known_by="the test")
        return contract, asyncio.run(rehearse(contract, release, self.base, checkout))

    def says(self, checkout: Path, *pending: str) -> list[str]:
        """What is worse, in the order of the contract."""
        _, rehearsed = self.rehearse(checkout, *pending)
        return [problem.says for _, problem in sorted(rehearsed.problems.items())]


def source(number: int, text: str) -> Source:
    path = f"supabase/migrations/2026010100000{number}_x.sql"
    return Source(MigrationFile(path=path, version=f"2026010100000{number}", name="x"), text)


@contextmanager
def small_bench() -> Iterator[Bench]:
    """A server with the small application's database."""
    with running() as server:
        execute(server, "create database small template postgres")
        _execute_in(server, "small", SCHEMA)
        yield Bench(server)


def _execute_in(server: Server, name: str, sql: str) -> None:
    import psycopg

    with psycopg.connect(Database(server, name).conninfo(), autocommit=True) as connection:
        connection.execute(sql.encode())


def written(checkout: Path, **files: str) -> Path:
    """A checkout with these files; two underscores in a name are a slash, and the last one is a dot."""
    for name, text in files.items():
        path = checkout / ".".join(name.replace("__", "/").rsplit("_", 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return checkout
