"""Benches for self-tests: databases in any state of a history of two or three files."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import psycopg

from fixtures.migrations.files import MigrationFile, Source
from fixtures.migrations.release import Release
from fixtures.workbench.bench import Bench
from fixtures.workbench.engines.engine import Engine
from fixtures.workbench.templates import Database

T = TypeVar("T")


def source(version: int, text: str) -> Source:
    return Source(MigrationFile(path=f"supabase/migrations/{version}_m.sql", version=str(version), name="m"), text)


def with_bench(
    engine: Engine, applied: Sequence[Source], pending: Sequence[Source], look: Callable[[Bench], Awaitable[T]]
) -> T:
    async def run() -> T:
        async def release() -> Release:
            return Release(applied=tuple(applied), pending=tuple(pending), known_by="this test")

        bench = Bench(engine, (*applied, *pending), release)
        try:
            return await look(bench)
        finally:
            await bench.close()

    return asyncio.run(run())


def rows(database: Database, sql: str) -> list[Any]:
    with psycopg.connect(database.conninfo(), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []
