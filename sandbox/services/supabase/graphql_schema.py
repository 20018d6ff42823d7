"""Ocean's GraphQL schema and its resolvers, executed by graphql-core."""

import functools
import inspect
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import psycopg
from graphql import (
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    build_schema,
    execute,
    parse,
    specified_rules,
    validate,
)
from psycopg.rows import dict_row

from sandbox.services.database import SERVICE, Caller, acting_as
from sandbox.world import Databases

SDL: Final = """
type Query {
  system_status: SystemStatus!
  my_organizations: [Organization!]!
}
type SystemStatus { healthy: Boolean!, checked_at: String! }
type Organization { id: ID!, name: String!, slug: String!, role: String!, plan_id: String, subscription_status: String }
"""

Info = GraphQLResolveInfo[None]
_KEPT: Final[list[dict[str, Any]]] = []
"""The answer that a server with one cache for all keeps."""


@dataclass(frozen=True, kw_only=True)
class Guard:
    """How a server guards what it has. The defaults are right; each field is one mistake that real servers make."""

    introspection: bool = False  # True: left on
    only_by_name: bool = False  # True: refuses texts that hold "__schema", and thinks of nothing else
    suggestions: bool = False  # True: errors name the fields that were probably meant
    everybody: bool = False  # True: asks with the secret key, for all organizations
    one_cache: bool = False  # True: keeps the first caller's answer for the others
    nobody: bool = False  # True: asks for a member of another name, and finds none


# Switches `graphql` and `pg_graphql` -> the server with that mistake.
GUARDS: Final[dict[str, Guard]] = {
    "": Guard(),
    "introspection": Guard(introspection=True),
    "only-by-name": Guard(only_by_name=True),
    "suggestions": Guard(suggestions=True),
    "as-service": Guard(everybody=True),
    "one-cache": Guard(one_cache=True),
    "finds-nothing": Guard(nobody=True),
}


@functools.cache
def schema() -> GraphQLSchema:
    """Built once a process."""
    return build_schema(SDL)


class Root:
    """Resolvers of Query; each asks the database as the caller, so row-level security decides what is seen."""

    def __init__(self, databases: Databases, caller: Caller, guard: Guard) -> None:
        self._databases = databases
        self._caller = caller
        self._guard = guard

    async def system_status(self, info: Info) -> dict[str, Any]:
        rows = await self._rows("select healthy, checked_at::text from public.system_status()")
        return rows[0]

    async def my_organizations(self, info: Info) -> list[dict[str, Any]]:
        if self._caller.role != "authenticated" and not self._guard.everybody:
            raise GraphQLError("Sign in to see your organizations", extensions={"code": "UNAUTHENTICATED"})
        if self._guard.nobody:
            return []
        if self._guard.everybody:
            return await self._rows("select id::text, name, slug, 'owner' as role from public.organizations", SERVICE)
        if self._guard.one_cache and _KEPT:
            return _KEPT
        mine = await self._rows(
            "select id::text, name, slug, role::text, plan_id, subscription_status::text from public.my_organizations()"
        )
        _KEPT[:] = mine
        return mine

    async def _rows(self, query: LiteralString, caller: Caller | None = None) -> list[dict[str, Any]]:
        async with (
            acting_as(self._databases, caller or self._caller) as connection,
            connection.cursor(row_factory=dict_row) as cursor,
        ):
            await cursor.execute(query)
            return await cursor.fetchall()


async def executed(schema: GraphQLSchema, root: object, asked: dict[str, Any], guard: Guard) -> dict[str, Any]:
    """The response to `{query, variables?, operationName?}`: `{data?, errors?}`; no `data` if it was not executed."""
    try:
        document = parse(asked["query"])
    except GraphQLError as error:
        return {"errors": [_shown(error, guard)]}
    if guard.only_by_name and "__schema" in asked["query"]:
        return {"errors": [{"message": "GraphQL introspection has been disabled"}]}
    hidden = [] if guard.introspection or guard.only_by_name else [NoSchemaIntrospectionCustomRule]
    if errors := validate(schema, document, [*specified_rules, *hidden]):
        return {"errors": [_shown(error, guard) for error in errors]}
    result: Any = execute(
        schema, document, root, variable_values=asked.get("variables"), operation_name=asked.get("operationName")
    )
    if inspect.isawaitable(result):
        result = await result
    shown: dict[str, Any] = {"errors": [_shown(error, guard) for error in result.errors]} if result.errors else {}
    return {**shown, "data": result.data}


def _shown(error: GraphQLError, guard: Guard) -> dict[str, Any]:
    """As JSON, without the names of fields that the asker did not know, and without the database's own words."""
    if isinstance(error.original_error, psycopg.Error):
        return {"message": "Internal server error", "path": error.path}
    shown = dict(error.formatted)
    return shown if guard.suggestions else {**shown, "message": error.message.split(" Did you mean")[0]}
