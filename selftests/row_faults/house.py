"""Databases that hold a healthy schema, one fault put into each, and all that our rules and trials say of them."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg
from psycopg.conninfo import make_conninfo

from fixtures.access.catalog import Catalog
from fixtures.access.reading import catalog_of
from fixtures.access.weakness import Weakness
from fixtures.around.kinds import weaknesses as access_weaknesses
from fixtures.policies.rules import weaknesses as policy_weaknesses
from fixtures.postgres.reading import Reading
from fixtures.supabase.catalog import read_exposed_tables
from fixtures.tenancy.declared import Declared
from fixtures.trying.outcome import Trials
from fixtures.trying.running import try_on_throwaway
from fixtures.workbench.engines.server import Server
from selftests.row_faults import Row
from selftests.tenant_schema import HARDENED, Variant, schema

RULES: tuple[Callable[[Catalog], Sequence[Weakness]], ...] = (access_weaknesses, policy_weaknesses)
EXPOSED = ("public", "graphql_public")
SPEED = ("per-row-call", "volatile-call", "missing-index", "wrapped-column", "duplicate")


class Finding(NamedTuple):
    """One finding, wherever it comes from."""

    rule: str
    about: str
    says: str


class House:
    """One server; a template for each healthy variant, made once, and copies of it."""

    def __init__(self, server: Server, tables: int = 20) -> None:
        self._server = server
        self._tables = tables
        self._templates: dict[Variant, str] = {}

    @contextmanager
    def with_fault(self, variant: Variant = "hardened", bad: str = "", undo: str = "") -> Iterator[str]:
        """A connection string to a healthy database into which `bad` was put; nobody is connected to it."""
        try:
            with self._copy(self._template(variant), bad) as conninfo:
                yield conninfo
        finally:
            self._alone(undo)

    @contextmanager
    def with_other(self, text: str) -> Iterator[str]:
        """A connection string to a database of another schema, with hardened grants."""
        with self._copy("postgres", HARDENED + text) as conninfo:
            yield conninfo

    @contextmanager
    def _copy(self, template: str, text: str) -> Iterator[str]:
        self._alone(f"create database trial template {template} strategy file_copy")
        try:
            self._run("trial", text)
            yield make_conninfo(**self._server.conninfo("trial"))
        finally:
            self._alone("drop database trial with (force)")

    def _template(self, variant: Variant) -> str:
        if variant not in self._templates:
            name = f"healthy_{variant.replace('-', '_')}"
            self._alone(f"create database {name} template postgres strategy file_copy")
            self._run(name, schema(self._tables, variant))
            self._templates[variant] = name
        return self._templates[variant]

    def _alone(self, command: str) -> None:
        with psycopg.connect(make_conninfo(**self._server.conninfo("template1")), autocommit=True) as connection:
            connection.execute(command.encode())

    def _run(self, database: str, text: str) -> None:
        with psycopg.connect(make_conninfo(**self._server.conninfo(database))) as connection:
            connection.execute(text.encode())


def read(conninfo: str) -> Catalog:
    """The catalog of a database."""

    async def look() -> Catalog:
        connection: psycopg.AsyncConnection[Any]
        async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
            return await catalog_of(connection, EXPOSED)

    return asyncio.run(look())


def findings_of_reading(conninfo: str) -> list[Finding]:
    """What reading says: every rule that there is, and tables without row-level security."""
    catalog = read(conninfo)
    found = [Finding(weakness.rule, weakness.about, weakness.says) for rules in RULES for weakness in rules(catalog)]
    tables = asyncio.run(read_exposed_tables(Reading(conninfo, "a copy"), EXPOSED, ()))
    return found + [Finding("rls-enabled", table.subject, "it is off") for table in tables if not table.rls_enabled]


def tried(conninfo: str, declared: Declared | None = None) -> Trials:
    """Everything tried, in a database that is thrown away."""
    return asyncio.run(try_on_throwaway(conninfo, EXPOSED, declared or Declared())).trials


def findings_of_trying(trials: Trials) -> list[Finding]:
    """What trying says: trespasses, and errors where there should be none."""
    trespasses = [Finding(trespass.case, trespass.about, trespass.says) for trespass in trials.trespasses]
    return trespasses + [Finding(defect.sqlstate, defect.about, defect.message) for defect in trials.defects]


def at(findings: Sequence[Finding], row: Row) -> list[Finding]:
    """Those about this fault: at one of its subjects, and about speed only if it is."""
    speed = row.kind == "perf"
    return [finding for finding in findings if finding.about in row.subject and speed == (finding.rule in SPEED)]
