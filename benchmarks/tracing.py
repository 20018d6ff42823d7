"""What it costs to look after each statement of a migration, beside a way that reads the catalog before and after."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from benchmarks.aims import within
from benchmarks.figures import Figure, figure
from benchmarks.part import BySize, Part, lines, named, pairs
from benchmarks.rounds import interleaved
from fixtures.hazards.catalog import read_catalog
from fixtures.hazards.tracer import Tracer
from fixtures.migrations.files import Source, classified
from fixtures.workbench.engines.embedded import start_embedded

SIZES = (200, 1000)
"""Tables. The aim is about a thousand; the others show that it does not grow with them."""
AIMED = 1000
# The naive way is left out above AIMED: it takes a minute there.
UNSEEN, TRACED, NAIVE = "not looked at", "traced", "catalog read after each"
CATALOG = "the catalog read once before"
ADDED_SECONDS = 0.003
START_SECONDS = 30.0
REPEATED = 25
_BACK_AND_FORTH = (
    "alter table public.t5 add column extra int",
    "create index t5_extra on public.t5 (extra)",
    "alter table public.t5 add constraint t5_positive check (extra > 0) not valid",
    "alter table public.t5 drop column extra",
)
STATEMENTS = _BACK_AND_FORTH * REPEATED
_NAIVE = (
    "select c.oid, n.nspname, c.relname, c.relkind, c.relfilenode from pg_class c"
    " join pg_namespace n on n.oid = c.relnamespace where n.nspname !~ '^pg_'",
    "select a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull from pg_attribute a"
    " join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace"
    " where a.attnum > 0 and n.nspname !~ '^pg_'",
    "select c.conrelid, c.conname, c.contype, c.convalidated, pg_get_constraintdef(c.oid) from pg_constraint c",
    "select i.indexrelid, i.indrelid, pg_get_indexdef(i.indexrelid) from pg_index i",
    "select l.relation::regclass::text, l.mode from pg_locks l where l.pid = pg_backend_pid()",
)
"""As tracers do that compare snapshots of the whole catalog."""


def measure(count: int, tell: Callable[[str], None], sizes: Sequence[int] = SIZES) -> Part:
    """`count` rounds of each kind, for each number of tables, on one server; an uncounted round first.

    Raises:
        fixtures.Unobservable, RuntimeError: there is no server, or a statement failed.
    """
    found = {}
    for size in sizes:
        tell(f"making {size} tables")
        with _database(size) as conninfo:
            kinds = {name: _timed(conninfo, run) for name, run in _KINDS.items() if name != NAIVE or size <= AIMED}
            for kind in kinds.values():
                kind()
            found[size] = interleaved(kinds, count, partial(_told, tell, size))
    sentence = f"a statement traced at an added cost of {ADDED_SECONDS * 1000:g} ms, {AIMED:,} tables"
    aims = [within(sentence, _added(found[AIMED], TRACED), ADDED_SECONDS)] if AIMED in found else []
    catalogs = {size: {CATALOG: row[CATALOG]} for size, row in found.items()}
    title = f"{len(STATEMENTS)} statements looked at one by one"
    compared = pairs(found, "tables", TRACED, NAIVE)
    return Part("tracing", title, named(found, "tables"), aims, _each(found), lines(catalogs), beside=compared)


def _told(tell: Callable[[str], None], size: int, text: str) -> None:
    tell(f"{size} tables, {text}")


def _added(row: Mapping[str, Sequence[float]], kind: str) -> list[float]:
    """What a kind adds to one statement, in seconds, round by round."""
    return [(took - plain) / len(STATEMENTS) for took, plain in zip(row[kind], row[UNSEEN], strict=True)]


def _each(found: BySize) -> dict[str, Figure]:
    return {
        f"{kind}: added to one statement, {size:,} tables": figure(_added(row, kind))
        for size, row in found.items()
        for kind in (TRACED, NAIVE)
        if kind in row
    }


Run = Callable[[psycopg.AsyncConnection[Any]], Awaitable[float]]


def _timed(conninfo: str, run: Run) -> Callable[[], float]:
    async def connected() -> float:
        connection = await psycopg.AsyncConnection.connect(conninfo, autocommit=True)
        try:
            return await run(connection)
        finally:
            await connection.close()

    return lambda: asyncio.run(connected())


async def _unseen(connection: psycopg.AsyncConnection[Any]) -> float:
    return await _one_by_one(connection, ())


async def _naive(connection: psycopg.AsyncConnection[Any]) -> float:
    return await _one_by_one(connection, _NAIVE)


async def _one_by_one(connection: psycopg.AsyncConnection[Any], looks: Sequence[str]) -> float:
    started = time.perf_counter()
    await connection.execute("begin")
    for statement in STATEMENTS:
        await connection.execute(statement.encode())
        for look in looks:
            await (await connection.execute(look.encode())).fetchall()
    await connection.execute("commit")
    return time.perf_counter() - started


async def _traced(connection: psycopg.AsyncConnection[Any]) -> float:
    text = ";\n".join(STATEMENTS)
    tracer = Tracer(connection, await read_catalog(connection))
    started = time.perf_counter()
    trace = await tracer.run([Source(classified("1_m.sql", text.encode(), first=False), text)])
    took = time.perf_counter() - started
    await connection.execute("truncate supabase_migrations.schema_migrations")
    if trace.refused or len(trace.steps) != len(STATEMENTS):
        raise RuntimeError("a traced statement failed: the figure means nothing")
    return took


async def _catalog(connection: psycopg.AsyncConnection[Any]) -> float:
    started = time.perf_counter()
    await read_catalog(connection)
    return time.perf_counter() - started


_KINDS: dict[str, Run] = {UNSEEN: _unseen, TRACED: _traced, NAIVE: _naive, CATALOG: _catalog}


@contextmanager
def _database(size: int) -> Iterator[str]:
    server = start_embedded(START_SECONDS)
    try:
        conninfo = make_conninfo(**server.conninfo())
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute("create schema if not exists supabase_migrations")
            history = "supabase_migrations.schema_migrations (version text primary key, name text)"
            connection.execute(f"create table if not exists {history}".encode())
            for number in range(size):
                connection.execute(_table(number).encode())
            connection.execute("vacuum analyze")
        yield conninfo
    finally:
        server.stop()


def _table(number: int) -> str:
    """A table with a key, a reference, a check, an index and row security."""
    name = f"public.t{number}"
    parent = f"references public.t{number - 1}" if number else ""
    return f"""
        create table {name} (
          id bigint generated always as identity primary key, parent bigint {parent}, title text not null default '',
          state text check (state in ('open', 'closed')), made timestamptz not null default now());
        create index on {name} (made);
        alter table {name} enable row level security;"""
