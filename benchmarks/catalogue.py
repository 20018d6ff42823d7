"""Every part that can be measured: what it is, beside whom, and how it is made short."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from benchmarks import (
    curve,
    drift,
    lane,
    lint,
    names,
    neon,
    page,
    reconciling,
    replay,
    restoring,
    row_security,
    shards,
    smoke,
    start,
    tenants,
    timing,
    tracing,
    workbench,
)
from benchmarks.part import Part

Measure = Callable[..., Part]
"""Rounds and whom to tell how far it is, and, by name, the sizes of some -> what was measured."""
MANY, FEW = 1000, 3
"""Rounds that a measurement is given at the most: as many as wished, or few, where one takes long."""


@dataclass(frozen=True)
class Entry:
    """One part. `peers`: whom it is measured beside, for a list; who is missing is seen when it is measured."""

    measure: Measure
    what: str
    peers: str
    most: int = MANY
    quick: Mapping[str, Any] = field(default_factory=dict)
    """Arguments that make it short."""
    asked: bool = False
    """Measured only when it is asked for: it takes minutes."""

    def run(self, rounds: int, tell: Callable[[str], None], *, quick: bool) -> Part:
        """Measure: `rounds`, or what it can do; `quick`: one round of something small.

        Raises:
            Exception: what the part's own `measure` raises; there is nothing to say then.
        """
        return self.measure(1, tell, **self.quick) if quick else self.measure(min(rounds, self.most), tell)


SMALL = {"sizes": (200,)}
PARTS: dict[str, Entry] = {
    "smoke": Entry(smoke.measure, "prod-smoke, every answer late", "one after the other, -n 2, nothing compiled"),
    "start": Entry(start.measure, "the sandbox ready; every lane", "a cold start", FEW),
    "lane": Entry(lane.measure, "the migrations lane on Ocean", "-n 2, an empty cache"),
    "shards": Entry(shards.measure, "the migrations lane in 1, 2, 4 shards", "-n 2, -n 4", FEW, {"counts": (1, 2)}),
    "workbench": Entry(workbench.measure, "throwaway servers and databases", "from zero, the system's PostgreSQL"),
    "names": Entry(names.measure, "files judged without a database", "every statement reformatted", quick=SMALL),
    "lint": Entry(lint.measure, "pending migrations read", "squawk alone", quick=SMALL),
    "replay": Entry(replay.measure, "a history run from zero", "one psql session, supabase migration up", quick=SMALL),
    "tracing": Entry(tracing.measure, "statements looked at", "the catalog read after each", quick=SMALL),
    "timing": Entry(timing.measure, "one request, phase by phase", "curl"),
    "drift": Entry(drift.measure, "two databases compared", "pg_dump -s of one", quick=SMALL),
    "restore": Entry(restoring.measure, "the restore drill, held", "pg_dump | pg_restore", FEW, {"rows": 1000}),
    "subscriptions": Entry(reconciling.measure, "10,000 subscriptions compared", "the SDK's auto_paging_iter", FEW),
    "neon": Entry(neon.measure, "10,000 tenants beside Neon's projects", "1,000", FEW),
    "tenants": Entry(tenants.measure, "200 tenants asked by SQL", "a plain loop, pgbench -C", FEW, {"size": 48}),
    "rows": Entry(
        row_security.measure, "who may do what, read and tried", "splinter, db advisors, pgTAP", FEW, {"sizes": (20,)}
    ),
    "page": Entry(page.measure, "the report page in Chromium", "Allure, pytest-html", FEW, {"sizes": (100,)}),
    "curve": Entry(curve.measure, "growth up to 5,000 files and tables", "as its parts'", FEW, asked=True),
    "fleet": Entry(
        partial(tenants.measure, size=tenants.MANY), "1,000 tenants asked by SQL", "as tenants", FEW, asked=True
    ),
}
