"""One database of the row-security part, and what is measured on it."""

import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from benchmarks import row_peers
from benchmarks.part import Missing
from benchmarks.supabase_cli import CLI
from fixtures.access.catalog import COMMANDS, Catalog, Relation
from fixtures.access.reading import catalog_of
from fixtures.postgres.quoting import literal
from fixtures.tenancy.declared import Declared
from fixtures.tenancy.mining import mine
from fixtures.tenancy.populating import populate
from fixtures.tenancy.population import Population
from fixtures.trying.running import try_on_throwaway
from fixtures.workbench.engines.embedded import start_embedded
from fixtures.workbench.engines.server import Server
from selftests.row_faults.house import EXPOSED, findings_of_reading
from selftests.tenant_schema import pieces

READING, SPLINTER, ADVISORS = "read and judged", "splinter's SQL", "supabase db advisors"
TRYING, PGTAP = "everything tried", "six assertions a table, pgTAP"
A_PROBE, AN_ASSERTION = "one probe", "one assertion"
START_SECONDS = 30.0


@dataclass(frozen=True)
class Peers:
    """Those of them that are here, and why others are not."""

    splinter: str | None
    pgtap: str | None
    cli: CLI | str

    def missing(self) -> list[Missing]:
        """What is not here, and how to get it."""
        how = {
            SPLINTER: f"{row_peers.SPLINTER}=FILE: splinter.sql of github.com/supabase/splinter"
            * (self.splinter is None),
            PGTAP: f"apt install postgresql-pgtap, or {row_peers.PGTAP}=pgtap--<version>.sql" * (self.pgtap is None),
            ADVISORS: self.cli if isinstance(self.cli, str) else "",
        }
        return [Missing(peer, text) for peer, text in how.items() if text]


class Run:
    """The kinds of measurement on one database, and what single probes and assertions took in each round."""

    def __init__(self, server: Server, conninfo: str, peers: Peers, remarks: list[str]) -> None:
        self._server, self._conninfo, self._peers = server, conninfo, peers
        self._remarks = remarks
        self.single: dict[str, list[float]] = {}

    def kinds(self) -> dict[str, Callable[[], float]]:
        """By name, what measures it once. Each is run once before, uncounted."""
        kinds: dict[str, Callable[[], float]] = {READING: self._read}
        if self._peers.splinter is not None:
            kinds[SPLINTER] = self._splinter
        if isinstance(self._peers.cli, CLI):
            kinds[ADVISORS] = self._advisors
        kinds[TRYING] = self._try
        if self._peers.pgtap is not None:
            kinds[PGTAP] = self._pgtap
        for kind in kinds.values():
            kind()
        self.single.clear()
        return kinds

    def _read(self) -> float:
        return _seconds(lambda: _silent(findings_of_reading(self._conninfo)))

    def _splinter(self) -> float:
        assert self._peers.splinter is not None
        sql = self._peers.splinter
        try:
            return _seconds(lambda: row_peers.run_splinter(self._conninfo, sql))
        except psycopg.errors.FeatureNotSupported:
            self._remarks.append("splinter ran without its lint of public buckets: this server is built without XML")
            return _seconds(lambda: row_peers.run_splinter(self._conninfo, row_peers.without_xml(sql)))

    def _advisors(self) -> float:
        assert isinstance(self._peers.cli, CLI)
        cli = self._peers.cli
        with tempfile.TemporaryDirectory(prefix="seatrial-benchmark-") as folder:
            return _seconds(lambda: row_peers.run_advisors(cli, self._conninfo, Path(folder)))

    def _try(self) -> float:
        with _copy(self._server, "measured") as conninfo:
            started = time.perf_counter()
            trials = asyncio.run(try_on_throwaway(conninfo, EXPOSED, Declared())).trials
            took = time.perf_counter() - started
        _silent(trials.trespasses)
        self._note(A_PROBE, trials.seconds / trials.probes)
        return took

    def _pgtap(self) -> float:
        with _copy(self._server, "measured") as conninfo:
            scripts = _prepare_pgtap(conninfo, self._peers.pgtap or "")
            took = _seconds(lambda: row_peers.run_pgtap(conninfo, scripts))
        self._note(AN_ASSERTION, took / (len(scripts) * row_peers.ASSERTIONS))
        return took

    def _note(self, name: str, seconds: float) -> None:
        self.single.setdefault(name, []).append(seconds)


def _prepare_pgtap(conninfo: str, sql: str) -> list[str]:
    """The assertions, about every table with rows whose tenant stands in org_id; the rows are ours."""
    catalog, population = asyncio.run(_populated(conninfo))
    with psycopg.connect(conninfo) as connection:
        connection.execute(b"create schema tap; grant usage on schema tap to public; set search_path = tap, public")
        connection.execute(sql.encode())
        connection.execute(b"grant execute on all functions in schema tap to public")
    tables = [name for name, relation in catalog.relations.items() if population.rows.get(name) and _whole(relation)]
    member = literal(json.dumps(dict(population.personas["member-A"].claims)))
    other = population.tenants["B"]["public.orgs"]
    return list(row_peers.assertions(tables, other, member))


def _whole(relation: Relation) -> bool:
    """Whether signed-in people may do all four with a tenant's table."""
    granted = relation.privileges.get("authenticated", frozenset())
    columns = {column.name for column in relation.columns}
    return granted >= set(COMMANDS) and "org_id" in columns and relation.name != "memberships"


async def _populated(conninfo: str) -> tuple[Catalog, Population]:
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        catalog = await catalog_of(connection, EXPOSED)
        return catalog, await populate(connection, catalog, mine(catalog, Declared()))


def _silent(findings: Sequence[object]) -> None:
    if findings:
        raise RuntimeError(
            f"the healthy schema is said to be at fault, so that the figure means nothing: {findings[0]}"
        )


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


@contextmanager
def database(size: int) -> Iterator[tuple[Server, str]]:
    """A server, and how to reach a healthy database with `size` tables."""
    server = start_embedded(START_SECONDS)
    try:
        with psycopg.connect(make_conninfo(**server.conninfo()), autocommit=True) as connection:
            for piece in pieces(size):
                connection.execute(piece.encode())
            connection.execute(b"analyze")
        yield server, make_conninfo(**server.conninfo())
    finally:
        server.stop()


@contextmanager
def _copy(server: Server, name: str) -> Iterator[str]:
    """How to reach a copy of the healthy database that is thrown away."""
    with psycopg.connect(make_conninfo(**server.conninfo("template1")), autocommit=True) as connection:
        connection.execute(f"create database {name} template postgres strategy file_copy".encode())
        try:
            yield make_conninfo(**server.conninfo(name))
        finally:
            connection.execute(f"drop database {name} with (force)".encode())
