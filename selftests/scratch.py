"""Databases for one test each, on a server that a whole file of self-tests shares; and checkouts to run on them."""

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from fixtures.migrations.files import FOLDER, MigrationFile, Source, read_sources
from fixtures.workbench.engines.server import Server
from fixtures.workbench.replaying.failure import Failure
from fixtures.workbench.replaying.replay import run_files

_numbers = itertools.count(1)


@contextmanager
def scratch(server: Server) -> Iterator[str]:
    """A database with the baseline; its connection string is yielded."""
    name = f"scratch_{next(_numbers)}"
    with _maintaining(server) as connection:
        connection.execute(sql.SQL("create database {} template postgres").format(sql.Identifier(name)))
    yield make_conninfo(**server.conninfo(name))
    with _maintaining(server) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _maintaining(server: Server) -> "psycopg.Connection[Any]":
    return psycopg.connect(make_conninfo(**server.conninfo("template1", "supabase_admin")), autocommit=True)


def checkout(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """A checkout whose `supabase/` holds these; a name without a slash is a migration."""
    for name, text in files.items():
        path = root / (f"supabase/{name}" if "/" in name else f"{FOLDER}/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return root


def source(path: str, text: str) -> Source:
    """A migration that is in no folder."""
    version, _, name = path.partition("_")
    return Source(MigrationFile(path=f"{FOLDER}/{path}", version=version, name=name.removesuffix(".sql")), text)


def run(conninfo: str, place: Path) -> Failure | None:
    """All migrations of a checkout, on this database."""

    async def running() -> Failure | None:
        connection = await psycopg.AsyncConnection.connect(conninfo, autocommit=True)
        try:
            return await run_files(connection, read_sources(place))
        finally:
            await connection.close()

    return asyncio.run(running())


def asked(conninfo: str, query: str) -> list[Any]:
    """What a query finds there."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()
