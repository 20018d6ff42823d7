"""Databases in which self-tests run pending migrations, and what comes of it."""

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from fixtures.hazards.catalog import Catalog, read_catalog
from fixtures.hazards.rehearsal import Rehearsal, rehearse
from fixtures.hazards.sizes import Sizes
from fixtures.hazards.steps import Step, Trace
from fixtures.hazards.tracer import Tracer
from fixtures.migrations.files import Source, classified
from fixtures.workbench.engines.server import Server
from fixtures.workbench.templates import Database
from selftests.throwaway import running

_NUMBERS = itertools.count(1)


def sources(*texts: str) -> list[Source]:
    """Migrations 1_m.sql, 2_m.sql, …"""
    named = [(f"{number}_m.sql", text) for number, text in enumerate(texts, 1)]
    return [
        Source(classified(name, text.encode("utf-8", "surrogateescape"), first=False), text) for name, text in named
    ]


class Harbour:
    """A server with one database, `base`, of which there are any number of clones."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._clones: list[str] = []

    async def clone(self) -> Database:
        name = f"clone_{next(_NUMBERS)}"
        self._clones.append(name)
        async with await self._connect("template1", "supabase_admin") as connection:
            await connection.execute(f"create database {name} template base".encode())
        return Database(self._server, name)

    async def connect(self) -> psycopg.AsyncConnection[Any]:
        """A new clone."""
        return await self._connect((await self.clone()).name, "postgres")

    async def _connect(self, database: str, user: str) -> psycopg.AsyncConnection[Any]:
        parameters = make_conninfo(**self._server.conninfo(database, user))
        return await psycopg.AsyncConnection.connect(parameters, autocommit=True)

    async def build(self, sql: str) -> None:
        async with await self._connect("template1", "supabase_admin") as connection:
            await connection.execute("create database base template postgres")
        async with await self._connect("base", "postgres") as connection:
            await connection.execute(sql.encode())

    def rehearsed(self, *texts: str, sizes: Sizes | None = None) -> Rehearsal:
        """These files, run on a filled clone."""
        return asyncio.run(self._rehearsed(texts, sizes or Sizes(20_000)))

    async def _rehearsed(self, texts: Sequence[str], sizes: Sizes) -> Rehearsal:
        outcome = await rehearse(sources(*texts), self.clone, sizes)
        await self.clear()
        return outcome

    async def clear(self) -> None:
        """Drop the clones, which lie in memory."""
        async with await self._connect("template1", "supabase_admin") as connection:
            while self._clones:
                await connection.execute(f"drop database {self._clones.pop()} with (force)".encode())

    def traced(self, *texts: str, before: str = "") -> "Traced":
        """These files, run on a clone as it is, after `before`."""
        return asyncio.run(self._traced(texts, before))

    async def _traced(self, texts: Sequence[str], before: str) -> "Traced":
        connection = await self.connect()
        try:
            if before:
                await connection.execute(before.encode())
            catalog = await read_catalog(connection)
            return Traced(catalog, await Tracer(connection, catalog).run(sources(*texts)))
        finally:
            await connection.close()
            await self.clear()


class Traced:
    """A trace whose relations have names."""

    def __init__(self, catalog: Catalog, trace: Trace) -> None:
        self.catalog = catalog
        self.steps = trace.steps
        self.refused = trace.refused

    def locks(self, place: int) -> dict[str, str]:
        """What a statement, from 0, held at its end."""
        return {self.catalog.spoken(oid): mode for oid, mode in self.steps[place].locks.items()}

    def names(self, oids: Any) -> set[str]:
        return {self.catalog.spoken(oid) for oid in oids}

    def step(self, beginning: str) -> Step:
        """The first statement that begins so."""
        return next(step for step in self.steps if step.text.startswith(beginning))


@contextmanager
def harbour(sql: str) -> Iterator[Harbour]:
    """A server whose clones begin with `sql`."""
    with running() as server:
        built = Harbour(server)
        asyncio.run(built.build(sql))
        yield built
