"""A server whose databases begin with a few tables, and pending files to try on them."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from fixtures.lint.flaw import Flaw
from fixtures.lint.pieces import File, read
from fixtures.lint.retried import half_applied, invalid_indexes
from fixtures.lint.trial import Trial, tried
from fixtures.migrations.files import MigrationFile, Source
from fixtures.workbench.engines.server import Server
from selftests.throwaway import execute, running


def pending(*texts: str) -> list[File]:
    """Files 1_m.sql, 2_m.sql, …"""
    return [read(source(number, text)) for number, text in enumerate(texts, 1)]


def source(number: int, text: str) -> Source:
    path = f"supabase/migrations/{number}_m.sql"
    return Source(MigrationFile(path=path, version=str(number), name="m"), text)


class LintBench:
    """Fresh databases that hold what `base` made."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._numbers = itertools.count()

    @asynccontextmanager
    async def base(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        name = f"mine_{next(self._numbers)}"
        execute(self.server, f"create database {name} template base")
        connection = await psycopg.AsyncConnection.connect(make_conninfo(**self.server.conninfo(name)), autocommit=True)
        try:
            yield connection
        finally:
            await connection.close()

    def tried(self, *texts: str) -> Trial:
        """What comes of running the files."""

        async def run() -> Trial:
            async with self.base() as connection:
                return await tried(connection, pending(*texts))

        return asyncio.run(run())

    def run_again(self, *texts: str) -> list[Flaw]:
        """What running files again after a failure shows."""

        async def run() -> list[Flaw]:
            files = pending(*texts)
            return await half_applied(files, self.base) + await invalid_indexes(files, self.base)

        return asyncio.run(run())


@contextmanager
def lint_bench(base: str) -> Iterator[LintBench]:
    """A bench on which `base` was run as one script."""
    with running() as server:
        execute(server, "create database base template postgres")
        with psycopg.connect(make_conninfo(**server.conninfo("base")), autocommit=True) as connection:
            connection.execute(base.encode())
        yield LintBench(server)


def cases(flaws: Sequence[Flaw]) -> list[tuple[str, int]]:
    """The row of the check, and the line, of each."""
    return [(flaw.case.partition("[")[2].rstrip("]"), flaw.line) for flaw in flaws]
