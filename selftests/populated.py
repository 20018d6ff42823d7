"""Small schemas on a throwaway server, populated: what self-tests of the population look at."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from psycopg.conninfo import make_conninfo

from fixtures.access.catalog import Catalog
from fixtures.access.reading import catalog_of
from fixtures.tenancy.declared import Declared
from fixtures.tenancy.mining import mine
from fixtures.tenancy.populating import populate
from fixtures.tenancy.population import Population, Row
from fixtures.workbench.engines.local import LocalServer

T = TypeVar("T")
ORGS = """
create table orgs (id uuid primary key default gen_random_uuid(), name text not null);
create table memberships (
  org_id uuid not null references orgs on delete cascade, user_id uuid not null references auth.users on delete cascade,
  role text not null default 'member' check (role in ('member', 'admin', 'owner')), primary key (org_id, user_id));
create function my_orgs() returns setof uuid language sql stable security definer set search_path = '' as
  $$ select org_id from public.memberships where user_id = (select auth.uid()) $$;
"""


@dataclass
class World:
    """A populated database, still in the transaction that goes away."""

    connection: psycopg.AsyncConnection[Any]
    catalog: Catalog
    population: Population

    def rows(self, table: str) -> list[Row]:
        return self.population.rows.get(f"public.{table}", [])

    def sides(self, table: str) -> list[str]:
        return sorted(row.side for row in self.rows(table))

    async def sees(self, persona: str, table: str) -> set[str]:
        """The sides whose rows a persona sees."""
        someone = self.population.personas[persona]
        await self.connection.execute("savepoint look")
        await self.connection.execute(
            "select set_config('request.jwt.claims', %s, true)", (json.dumps(someone.claims),)
        )
        for name, value in someone.settings.items():
            await self.connection.execute("select set_config(%s, %s, true)", (name, value))
        await self.connection.execute(f"set local role {someone.role}".encode())
        seen = set()
        for row in self.rows(table):
            found = await self.connection.execute(f"select from {row.relation} where {row.where()}".encode())
            seen |= {row.side} if found.rowcount else set()
        await self.connection.execute("rollback to savepoint look")
        return seen

    async def insert(self, table: str, columns: dict[str, str]) -> None:
        names, values = ", ".join(f'"{name}"' for name in columns), ", ".join(columns.values())
        await self.connection.execute(f"insert into {table} ({names}) values ({values})".encode())


def populated(server: LocalServer, schema: str, look: Callable[[World], Any], declared: Declared | None = None) -> Any:
    """What `look` says of a database with this schema; an awaitable is waited for."""

    async def run() -> Any:
        connection = await psycopg.AsyncConnection.connect(make_conninfo(**server.conninfo()), autocommit=True)
        async with connection:
            await connection.execute("begin")
            await connection.execute(schema.encode())
            catalog = await catalog_of(connection)
            model = mine(catalog, declared or Declared())
            found = look(World(connection, catalog, await populate(connection, catalog, model)))
            answer = await found if asyncio.iscoroutine(found) else found
            await connection.execute("rollback")
            return answer

    return asyncio.run(run())
