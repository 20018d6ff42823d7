"""Databases of one throwaway server, copied from each other, and their catalogs."""

import asyncio
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg.conninfo import make_conninfo

from fixtures.fingerprint.snapshot import Snapshot, snapshot, take
from fixtures.postgres.reading import Parameters, Reading
from fixtures.workbench.engines.server import Server

SCRIPTS = Path(__file__).parent / "fingerprint"


class Copies:
    """A server's databases, by name."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def conninfo(self, database: str, user: str = "postgres") -> str:
        return make_conninfo(**self._server.conninfo(database, user))

    def copy(self, name: str, of: str = "postgres", *, script: str = "", sql: str = "") -> str:
        """A new database like another one, in which a script of `fingerprint/` and `sql` were run."""
        with psycopg.connect(self.conninfo("template1"), autocommit=True) as connection:
            connection.execute(f"drop database if exists {name}".encode())
            connection.execute(f"create database {name} template {of} strategy file_copy".encode())
        self.run(name, (SCRIPTS / script).read_text(encoding="utf-8") if script else "", sql)
        return name

    def run(self, database: str, *texts: str) -> None:
        """Each text by itself, outside a transaction."""
        with psycopg.connect(self.conninfo(database), autocommit=True) as connection:
            for text in texts:
                connection.execute(text.encode())

    def catalog(self, database: str, user: str = "postgres") -> Snapshot:
        return asyncio.run(snapshot(Reading(self.conninfo(database, user), database)))

    def catalog_after(self, database: str, sql: str) -> Snapshot:
        """What `sql` makes of a database, which stays as it is."""
        return asyncio.run(_within(self.conninfo(database), sql))


async def _within(conninfo: str, sql: str) -> Snapshot:
    connection = await psycopg.AsyncConnection.connect(conninfo)

    async def look(query: LiteralString, parameters: Parameters = ()) -> list[Any]:
        return await (await connection.execute(query, parameters or None)).fetchall()

    try:
        await connection.execute(sql.encode())
        await connection.execute("set local search_path = ''")
        return await take(look)
    finally:
        await connection.rollback()
        await connection.close()
