"""What it costs to read who may do what beside splinter, and to try everything beside assertions of pgTAP."""

import resource
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from benchmarks import row_peers
from benchmarks.aims import Aim, beside, within
from benchmarks.figures import Figure, figure
from benchmarks.part import BySize, Part, lines, named, pairs
from benchmarks.rounds import interleaved
from benchmarks.row_running import A_PROBE, ADVISORS, AN_ASSERTION, READING, SPLINTER, TRYING, Peers, Run, database
from benchmarks.supabase_cli import CLI, installed

SIZES = (20, 200, 1000)
"""Tables of the healthy schema of `selftests/tenant_schema.py`, in the variant with hardened grants."""
LIMITS = {20: 5.0, 200: 30.0, 1000: 150.0}
"""Seconds for trying everything, rows made before it."""
AIMED = 1000
VERSION = "3.1.0"


def measure(count: int, tell: Callable[[str], None], sizes: Sequence[int] = SIZES, *, with_cli: bool = True) -> Part:
    """`count` rounds of each kind, for each number of tables, on one server; an uncounted round first.

    Raises:
        fixtures.Unobservable, RuntimeError, psycopg.Error: there is no server, or what was measured means nothing.
    """
    cli = installed(VERSION) if with_cli else "the Supabase CLI was left out"
    peers = Peers(row_peers.splinter_sql(), row_peers.pgtap_sql(), cli)
    found: dict[int, dict[str, list[float]]] = {}
    single: dict[str, Figure] = {}
    remarks: list[str] = []
    aims = []
    for size in sizes:
        tell(f"making {size} tables")
        with database(size) as (server, conninfo):
            run = Run(server, conninfo, peers, remarks)
            found[size] = interleaved(run.kinds(), count, partial(_told, tell, size))
        single[f"memory held at the most, {size:,} tables"] = _memory()
        single |= {f"{name}, {size:,} tables": figure(took) for name, took in run.single.items()}
        single |= _of_probes_and_assertions(run.single, size)
        aims += _of_probes(run.single, size)
    aims = [*_aims(found), *aims]
    return Part(
        "rows",
        "Row-level security read and tried, one server",
        named(found, "tables"),
        aims,
        single,
        lines(found),
        list(dict.fromkeys(remarks)),
        beside=pairs(found, "tables", READING, SPLINTER, ADVISORS),
        missing=peers.missing(),
        versions={"supabase": VERSION} if isinstance(cli, CLI) else {},
    )


def _aims(found: BySize) -> list[Aim]:
    aims = [
        beside(f"{size:,} tables read and judged no slower than splinter", kinds[READING], kinds[SPLINTER], 1)
        for size, kinds in found.items()
        if SPLINTER in kinds and size == AIMED
    ]
    return aims + [
        within(f"{size:,} tables tried completely within {LIMITS[size]:g} s", kinds[TRYING], LIMITS[size])
        for size, kinds in found.items()
        if size in LIMITS
    ]


def _of_probes(single: Mapping[str, Sequence[float]], size: int) -> list[Aim]:
    if AN_ASSERTION not in single:
        return []
    sentence = f"a probe takes no longer than an assertion of pgTAP, {size:,} tables"
    return [beside(sentence, single[A_PROBE], single[AN_ASSERTION], 1)]


def _of_probes_and_assertions(single: Mapping[str, Sequence[float]], size: int) -> dict[str, Figure]:
    both = zip(single[A_PROBE], single.get(AN_ASSERTION, ()), strict=False)
    quotients = [probe / assertion for probe, assertion in both]
    return {f"{A_PROBE} / {AN_ASSERTION} of pgTAP, {size:,} tables": figure(quotients, "x")} if quotients else {}


def _memory() -> Figure:
    """What this process has held at the most so far; getrusage counts bytes on macOS, kilobytes elsewhere."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return figure([most / (1 << 20 if sys.platform == "darwin" else 1 << 10)], "MB")


def _told(tell: Callable[[str], None], size: int, text: str) -> None:
    tell(f"{size} tables, {text}")
