"""The restore drill (DR-2), a whole run of pytest, beside a bare `pg_dump | pg_restore` of the same database."""

import subprocess
import time
from collections.abc import Callable, Mapping
from functools import partial

import psycopg
from psycopg.conninfo import make_conninfo

from benchmarks import sandboxes
from benchmarks.figures import figure
from benchmarks.part import Beside, Missing, Part
from benchmarks.rounds import interleaved
from benchmarks.voyage import Voyage, sail
from fixtures.workbench.engines.embedded import programs

ROWS = 80_000
"""Added to Ocean's: with their indexes some 25 megabytes, so that the sandbox lets a drill dump them."""
DRILL = ("checks/recovery/restore_works.py",)
HELD, BARE = "the drill: dumped, restored, compared, judged again", "pg_dump | pg_restore"
TABLE = "public.webhook_events"
FILL = f"""insert into {TABLE} (id, type, payload, processed_at)
select 'evt_benchmark_' || n, 'invoice.paid', jsonb_build_object('id', n, 'text', repeat(md5(n::text), 3)), now()
from generate_series(1, %s) n"""  # noqa: S608  # a name of our own


def measure(count: int, tell: Callable[[str], None], rows: int = ROWS) -> Part:
    """`count` rounds of either, on one sandbox with so many more rows; one of each before, uncounted.

    Raises:
        VoyageFailed, fixtures.Unobservable, RuntimeError, psycopg.Error: one of them failed.
    """
    with sandboxes.ocean(0) as variables:
        url = variables["OWNER_DATABASE_URL"]
        megabytes = _fill(url, rows)
        voyages: list[Voyage] = []
        kinds: dict[str, Callable[[], float]] = {HELD: partial(_drill, variables, voyages)}
        if programs() is not None:
            kinds[BARE] = partial(_bare, url)
        interleaved(kinds, 1, lambda text: tell(f"warming up: {text}"))
        voyages.clear()
        took = interleaved(kinds, count, tell)
    derived = {
        "the database": figure([megabytes], "MB"),
        "CPU of the drill, without the servers": figure([voyage.cpu_exit for voyage in voyages]),
        "parts of the drill, each a verdict": figure([voyage.verdicts for voyage in voyages], ""),
    }
    missing = [] if BARE in took else [Missing(BARE, "install PostgreSQL: apt install postgresql-client")]
    compared = [Beside(HELD, BARE)] if BARE in took else []
    title = f"Ocean's database and {rows:,} rows more, dumped and restored"
    return Part("restore", title, took, derived=derived, beside=compared, missing=missing)


def _fill(url: str, rows: int) -> float:
    """Megabytes of the database."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(FILL.encode(), (rows,))
        owner.execute(b"analyze")
        row = owner.execute(b"select pg_database_size(current_database()) / 1e6").fetchone()
    return float(row[0]) if row else 0.0


def _drill(variables: Mapping[str, str], voyages: list[Voyage]) -> float:
    voyages.append(sail(DRILL, variables))
    return voyages[-1].exit


def _bare(url: str) -> float:
    """Into a new database of the same server. What a plain login may not restore (default privileges) is left out."""
    folder = programs()
    assert folder is not None
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(b"drop database if exists measured with (force)")
        owner.execute(b"create database measured template template0")
        began = time.monotonic()
        dump = subprocess.Popen([str(folder / "pg_dump"), "--format=custom", url], stdout=subprocess.PIPE)
        into = make_conninfo(url, dbname="measured")
        restore = [str(folder / "pg_restore"), "--dbname", into]
        subprocess.run(restore, stdin=dump.stdout, capture_output=True, check=False)
        failed = dump.wait()
        took = time.monotonic() - began
    if failed or _rows(into) != _rows(url):
        raise RuntimeError("pg_dump | pg_restore did not bring all rows: the figure means nothing")
    return took


def _rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"select count(*) from {TABLE}".encode()).fetchone()  # noqa: S608  # a name of our own
    return int(row[0]) if row else 0
